using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Npgsql;

namespace DuckMesh.Postgres;

/// <summary>
/// A real PostgreSQL of one test: own folder, own port on the loopback, password needed, fsync on. It can be stopped, killed, made to hang and started again, and
/// it does not outlive the test, not even a killed one.
/// </summary>
internal sealed partial class PostgresServer : IAsyncDisposable
{
    private const string User = "duckmesh";
    private const string AccountOfPackage = "postgres";
    private const int Quit = 3;
    private const int KillNow = 9;
    private const int Continue = 18;
    private const int Stop = 19;

    /// <summary>Ends the server when the test's end of the pipe closes, however the test ends.</summary>
    private const string EndWithTest = "\"$@\" </dev/null & server=$!; read -r _; kill -QUIT $server 2>/dev/null; wait $server";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly string _folder = Directory.CreateTempSubdirectory("duckmesh-postgres-").FullName;
    private Process? _process;
    private int _postmaster;

    private PostgresServer()
    {
    }

    public static string Password => "s3cret-of-the-test";

    public int Port { get; } = FreePort();

    /// <summary>The server's own database. <see cref="CreateDatabaseAsync"/> makes one that a test has for itself.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    private string Data => Path.Combine(_folder, "data");

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        try
        {
            await server.InitializeAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync(ConnectionString, $"create database {name}");
        return ConnectionStringOf(name);
    }

    public string ConnectionStringOf(string database) => $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password={Password}";

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of all rows, as text.</summary>
    public static async Task<IReadOnlyList<string>> QueryAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync()) values.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        return values;
    }

    public async Task StartAgainAsync()
    {
        var end = DateTime.UtcNow + Deadline;
        // A killed server's children leave a moment after it; until then a new one refuses their shared memory.
        while (!await TryStartAsync(end))
            Assert.True(DateTime.UtcNow < end, $"PostgreSQL did not start in {Deadline}; its log:\n{await File.ReadAllTextAsync(Path.Combine(_folder, "log"))}");
    }

    /// <summary>As an administrator does: sessions are ended, then the server.</summary>
    public async Task StopAsync()
    {
        _ = Signal(_postmaster, 2);
        await EndedAsync();
    }

    /// <summary>kill -9: its machine seems to be gone.</summary>
    public async Task KillAsync()
    {
        _ = Signal(_postmaster, Continue);
        _ = Signal(_postmaster, KillNow);
        await EndedAsync();
    }

    /// <summary>It takes connections and answers nothing, as behind a cut line.</summary>
    public void Hang() => Each(Stop);

    public void GoOn() => Each(Continue);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            GoOn();
            _ = Signal(_postmaster, Quit);
            await EndedAsync();
        }

        NpgsqlConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task InitializeAsync()
    {
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.UserName == "root") await RunAsync("chown", "-R", AccountOfPackage, _folder);
        var (program, arguments) = AsAccount("initdb", "-D", Data, "-U", User, "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8", "--locale=C", "--no-sync");
        await RunAsync(program, arguments);
    }

    private async Task<bool> TryStartAsync(DateTime end)
    {
        var (program, arguments) = AsAccount("postgres", "-D", Data, "-p", $"{Port}", "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=on", "-c", "max_connections=200",
            "-c", "logging_collector=on", "-c", $"log_directory={_folder}", "-c", "log_filename=log", "-c", "log_statement=none");
        _process = Start("/bin/sh", ["-c", EndWithTest, "sh", program, .. arguments]);
        while (DateTime.UtcNow < end && !_process.HasExited)
        {
            try
            {
                await ExecuteAsync(ConnectionString, "select 1");
                _postmaster = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0], System.Globalization.CultureInfo.InvariantCulture);
                return true;
            }
            catch (Exception e) when (e is NpgsqlException or IOException)
            {
                await Task.Delay(Pause);
            }
        }

        return false;
    }

    private async Task EndedAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        _process!.StandardInput.Close();
        await _process.WaitForExitAsync(deadline.Token);
        _process.Dispose();
        _process = null;
    }

    /// <summary>The server and the processes of its sessions.</summary>
    private void Each(int signal)
    {
        foreach (var stat in Directory.EnumerateDirectories("/proc").Select(p => Path.Combine(p, "stat")).Where(File.Exists))
        {
            try
            {
                var fields = File.ReadAllText(stat);
                var parent = int.Parse(fields[(fields.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
                if (parent == _postmaster) _ = Signal(int.Parse(Path.GetFileName(Path.GetDirectoryName(stat))!, System.Globalization.CultureInfo.InvariantCulture), signal);
            }
            catch (IOException)
            {
                // ended meanwhile
            }
        }

        _ = Signal(_postmaster, signal);
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static (string Program, string[] Arguments) AsAccount(string program, params string[] arguments)
    {
        var path = Path.Combine(ProgramFolder(), program);
        return Environment.UserName == "root" ? ("setpriv", [$"--reuid={AccountOfPackage}", $"--regid={AccountOfPackage}", "--clear-groups", path, .. arguments]) : (path, arguments);
    }

    /// <summary>Debian keeps the programs of each version in a folder of its own.</summary>
    private static string ProgramFolder() =>
        Directory.GetDirectories("/usr/lib/postgresql").Select(f => Path.Combine(f, "bin")).Where(f => File.Exists(Path.Combine(f, "initdb"))).OrderDescending(StringComparer.Ordinal).FirstOrDefault()
        ?? throw new InvalidOperationException("no PostgreSQL under /usr/lib/postgresql: ./test.sh installs it");

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors}");
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int pid, int signal);
}
