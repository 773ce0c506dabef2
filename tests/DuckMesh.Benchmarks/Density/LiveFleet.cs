using System.Diagnostics;
using System.Globalization;

namespace DuckMesh.Benchmarks.Density;

/// <summary>Database files that a few owners hold open until it is disposed.</summary>
internal sealed class LiveFleet : IAsyncDisposable
{
    /// <summary>Two descriptors each, its file and its log: 5,000 in a process, which the hard limit of a usual host allows.</summary>
    private const int DatabasesPerOwner = 2_500;

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(5);

    private readonly List<Process> _owners = [];

    private LiveFleet()
    {
    }

    public static async Task<LiveFleet> StartAsync(string folder, int databases, CancellationToken cancellation)
    {
        var fleet = new LiveFleet();
        try
        {
            for (var left = databases; left > 0; left -= DatabasesPerOwner)
                await fleet.AddAsync(Path.Combine(folder, $"owner{fleet._owners.Count}"), Math.Min(left, DatabasesPerOwner), cancellation);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owner in _owners) await Programs.EndAsync(owner);
    }

    private async Task AddAsync(string folder, int databases, CancellationToken cancellation)
    {
        var owner = Programs.Start("tests/owners/dotnet", "DuckMesh.Owner.dll", ["--many", folder, databases.ToString(CultureInfo.InvariantCulture)], []);
        _owners.Add(owner);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(ReadyWithin);
        var line = await owner.StandardOutput.ReadLineAsync(deadline.Token);
        if (line?.Contains("\"ready\":true", StringComparison.Ordinal) != true) throw new InvalidOperationException($"the owner of {folder} did not start: {line}");
    }
}
