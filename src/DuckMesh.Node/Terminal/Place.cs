using DuckMesh.Cluster;

namespace DuckMesh.Node.Terminal;

/// <summary>Where the node can be reached, and what it was told.</summary>
/// <param name="Http">The root of its HTTP side.</param>
/// <param name="Demo">Sample databases are being started: that there are none yet is nothing to tell.</param>
internal sealed record Place(Uri Http, MonitorSettings Settings, bool Demo = false)
{
    public string Metrics => new Uri(Http, "metrics").AbsoluteUri;

    public string Databases => new Uri(Http, "api/v1/databases").AbsoluteUri;
}
