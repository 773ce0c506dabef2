using System.Collections.Immutable;

namespace DuckMesh.Node.Demo;

/// <summary>A sample owner of the demo.</summary>
/// <param name="Name">Of its database, and the first argument of the hidden verb that runs it.</param>
/// <param name="Does">Some words for people.</param>
internal sealed record Sample(string Name, string Does)
{
    public static readonly Sample Orders = new("orders", "is busy");
    public static readonly Sample Archive = new("archive", "is idle");
    public static readonly Sample Events = new("events", "never checkpoints");
    public static readonly Sample Reports = new("reports", "hoards memory and CPU");
    public static readonly Sample Flaky = new("flaky", "is killed and comes back");
    public static readonly Sample Sessions = new("sessions", "runs in Node");

    /// <summary>Those that this executable runs itself.</summary>
    public static readonly ImmutableArray<Sample> InThisExecutable = [Orders, Archive, Events, Reports, Flaky];

    public string DatabaseIn(string folder) => Path.Combine(folder, Name + ".duckdb");
}
