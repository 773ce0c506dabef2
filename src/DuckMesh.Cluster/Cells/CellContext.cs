using Akka.Actor;

namespace DuckMesh.Cluster.Cells;

/// <summary>What the cells of a node share: the node's own actors, settings, clock and metrics.</summary>
/// <param name="Edge">The router, which brings requests to the edge of the cell's host.</param>
public sealed record CellContext(
    MonitorSettings Settings,
    IActorRef Edge,
    IActorRef Exporter,
    IActorRef Notifier,
    NodeStatus Status,
    NodeMetrics Metrics,
    TimeProvider Time);
