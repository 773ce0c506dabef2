using System.Diagnostics;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Discovery;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Processes;

namespace DuckMesh.Observation.Tests.Discovery;

/// <summary>A discoverer of this host, asked about one folder: other tests and programs hold databases of their own.</summary>
internal sealed class Watcher : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly string _folder;
    private readonly List<Sighting> _appeared = [];

    public Watcher(string folder, DiscoveryOptions? options = null)
    {
        _folder = folder;
        Discoverer = new Discoverer(options ?? new DiscoveryOptions("box"), Own, TimeProvider.System);
    }

    /// <summary>Of another <c>/proc</c>.</summary>
    public Watcher(string folder, ProcFolder proc)
    {
        _folder = folder;
        Discoverer = new Discoverer(new DiscoveryOptions("box"), Own, TimeProvider.System, proc, Deadline, examine: null);
    }

    public OwnDatabases Own { get; } = new();

    public Discoverer Discoverer { get; }

    public DiscoveryReport Report { get; private set; } = new([], 0, [], [], 0, 0);

    /// <summary>All that appeared below the folder so far.</summary>
    public IReadOnlyList<Sighting> Appeared => _appeared;

    public static DatabaseId IdOf(string path) => new("box", null, path);

    public DiscoveryReport Pass()
    {
        Report = Discoverer.Pass(CancellationToken.None);
        _appeared.AddRange(Report.Appeared.Where(s => s.Id.Path.StartsWith(_folder, StringComparison.Ordinal)));
        return Report;
    }

    public Sighting? Find(string path) => Discoverer.Find(IdOf(path));

    /// <summary>Passes until the condition holds: another process has its own time.</summary>
    public void PassUntil(Func<bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            Pass();
            if (condition()) return;
        }
        while (Stopwatch.GetElapsedTime(start) < Deadline);

        Assert.Fail($"within {Deadline.TotalSeconds} s it did not come true that {what}; appeared: {string.Join(", ", _appeared)}; warnings: {string.Join(", ", Report.Warnings)}");
    }

    public Model.Readings.Reading Probe(string path) => Probe(IdOf(path));

    public Model.Readings.Reading Probe(DatabaseId id)
    {
        using var probe = new DatabaseProbe(id, Discoverer, new ProcessReader(TimeProvider.System), Own, TimeProvider.System);
        return probe.Read();
    }

    public void Dispose() => Discoverer.Dispose();
}
