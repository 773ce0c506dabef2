using System.Collections.Immutable;
using System.ComponentModel;

namespace DuckMesh.Node.Http.History;

[Description("A database's story over a time.")]
public sealed record TimelineItem(
    [property: Description("The database's id.")] string Id,
    DateTime From,
    DateTime To,
    [property: Description("What happened, oldest first.")] ImmutableArray<EventItem> Events,
    [property: Description("How often a process opened it after another had left it, within the events that are listed.")] int Restarts,
    [property: Description("Pairs of the hour in Unix seconds and the checkpoints in it; an hour without samples has none.")] ImmutableArray<ImmutableArray<double?>> CheckpointsPerHour,
    [property: Description("Nodes that could not be asked: what only they have stored is not in this answer.")] ImmutableArray<string> Missing);
