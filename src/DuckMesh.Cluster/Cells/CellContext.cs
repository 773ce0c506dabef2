using Akka.Actor;

namespace DuckMesh.Cluster.Cells;

/// <summary>What the cells of a node share: the node's own actors, settings, clock and metrics.</summary>
public sealed record CellContext(
    MonitorSettings Settings,
    IActorRef Edge,
    IActorRef Exporter,
    IActorRef Notifier,
    NodeStatus Status,
    NodeMetrics Metrics,
    TimeProvider Time);
