using System.Diagnostics;

namespace DuckMesh.History.Tests.ClickHouse;

/// <summary>ClickHouse's own engine as a process, tests/clickhouse-local. It ends with this process, however that ends.</summary>
public sealed class ClickHouseEngine : IAsyncDisposable
{
    private const string Ready = "ready ";

    /// <summary>It starts within a second; CI machines are slow.</summary>
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    /// <summary>It waits up to four seconds for a statement that does not end.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly HttpClient _http;

    private ClickHouseEngine(Process process, Uri uri, string? password)
    {
        _process = process;
        Uri = uri;
        Password = password ?? "";
        _http = new HttpClient { BaseAddress = uri };
        _http.DefaultRequestHeaders.Add("X-ClickHouse-User", "default");
        _http.DefaultRequestHeaders.Add("X-ClickHouse-Key", Password);
    }

    public Uri Uri { get; }

    public string Password { get; }

    public int Pid => _process.Id;

    /// <summary>As it is configured, with the password.</summary>
    public string AddressOf(string database) => $"http://default:{System.Uri.EscapeDataString(Password)}@{Uri.Authority}/{database}";

    private static string Program =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../clickhouse-local/bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0/ClickHouseLocal.dll"));

    /// <param name="folder">Made if missing; a later engine finds there what an earlier one left.</param>
    /// <param name="port">0: a free one.</param>
    public static async Task<ClickHouseEngine> StartAsync(string folder, int port = 0, string? password = null)
    {
        List<string> arguments = [Program, "--data", folder, "--port", $"{port}", "--stdin"];
        if (password is not null) arguments.AddRange(["--password", password]);
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = new CancellationTokenSource(StartDeadline);
        var line = await process.StandardOutput.ReadLineAsync(deadline.Token);
        if (line?.StartsWith(Ready, StringComparison.Ordinal) != true)
            throw new InvalidOperationException((await process.StandardError.ReadToEndAsync(deadline.Token)).Trim());
        return new ClickHouseEngine(process, new Uri(line[Ready.Length..]), password);
    }

    /// <summary>What a statement gives as text, columns separated by tabs.</summary>
    public async Task<string> SqlAsync(string sql, string database = "default")
    {
        using var answer = await _http.PostAsync($"/?database={System.Uri.EscapeDataString(database)}", new StringContent(sql));
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text.TrimEnd('\n') : throw new InvalidOperationException($"{sql}: {text}");
    }

    /// <summary>Has the engine do wrong from now on; see tests/clickhouse-local/README.md.</summary>
    public async Task FailAsync(string fault)
    {
        using var answer = await _http.PutAsync("/fault?" + fault, null);
        answer.EnsureSuccessStatusCode();
    }

    public async Task HealAsync()
    {
        using var answer = await _http.DeleteAsync("/fault");
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How many statements the fault has hit.</summary>
    public async Task<int> HitsAsync() => int.Parse(await _http.GetStringAsync("/fault"), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Until the fault has hit a statement.</summary>
    public async Task HitAsync()
    {
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (await HitsAsync() == 0) deadline.Token.ThrowIfCancellationRequested();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        using var deadline = new CancellationTokenSource(StopDeadline);
        await _process.WaitForExitAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var deadline = new CancellationTokenSource(StopDeadline);
            await _process.WaitForExitAsync(deadline.Token);
        }

        _process.Dispose();
        _http.Dispose();
    }
}
