using System.Collections.Immutable;

namespace DuckMesh.Node.Demo;

/// <summary>A sample owner of the demo.</summary>
/// <param name="Name">Of its database, and the first argument of the hidden verb that runs it.</param>
/// <param name="Does">One line for people.</param>
internal sealed record Sample(string Name, string Does)
{
    public static readonly Sample Orders = new("orders", "busy: writes, reads, checkpoints");
    public static readonly Sample Archive = new("archive", "idle");
    public static readonly Sample Events = new("events", "never checkpoints: its WAL grows");
    public static readonly Sample Reports = new("reports", "misbehaves: hoards memory and computes without a break");
    public static readonly Sample Flaky = new("flaky", "is killed and comes back");
    public static readonly Sample Sessions = new("sessions", "busy, in Node");

    /// <summary>Those that this executable runs itself.</summary>
    public static readonly ImmutableArray<Sample> InThisExecutable = [Orders, Archive, Events, Reports, Flaky];

    public string DatabaseIn(string folder) => Path.Combine(folder, Name + ".duckdb");
}
