using System.Net;
using DuckMesh.Cluster;

namespace DuckMesh.Node.Configuration;

/// <summary>All that a node is told by its configuration, validated.</summary>
/// <param name="Http">Where HTTP listens; port 0: any free one.</param>
internal sealed record NodeOptions(IPEndPoint Http, MonitorSettings Monitor);
