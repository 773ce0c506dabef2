namespace DuckMesh.Model.Metrics;

/// <summary>The groups that <c>/metrics?collect[]=</c> chooses from.</summary>
public enum MetricGroup
{
    System,
    Database,
    Query,
    Error,
    Sync,
    Table,
    Node,
}
