using Prometheus;

namespace DuckMesh.Node.Http;

/// <summary>What every program tells Prometheus of itself: its version, and CPU, memory and handles of its process under their usual names.</summary>
internal static class ProcessMetrics
{
    public static void Register(CollectorRegistry registry)
    {
        DotNetStats.Register(registry);
        Metrics.WithCustomRegistry(registry).CreateGauge("duckmesh_build_info", "Always 1; the label says which DuckMesh this is.", "version").WithLabels(ThisNode.Version).Set(1);
    }
}
