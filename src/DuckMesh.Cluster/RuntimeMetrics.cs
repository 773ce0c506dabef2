using System.Globalization;
using Prometheus;

namespace DuckMesh.Cluster;

/// <summary>What the garbage collector does to this node; read when somebody scrapes.</summary>
public static class RuntimeMetrics
{
    public static void Register(CollectorRegistry registry)
    {
        var metrics = Metrics.WithCustomRegistry(registry);
        var collections = metrics.CreateCounter("duckmesh_gc_collections_total", "Garbage collections, by generation.", "generation");
        var pauses = metrics.CreateCounter("duckmesh_gc_pause_seconds_total", "Time for which garbage collection stopped the node.");
        var allocated = metrics.CreateCounter("duckmesh_gc_allocated_bytes_total", "Memory allocated by the node since it started.");
        var heap = metrics.CreateGauge("duckmesh_gc_heap_bytes", "Managed memory in use, garbage not yet collected included.");
        registry.AddBeforeCollectCallback(() =>
        {
            for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            {
                collections.WithLabels(generation.ToString(CultureInfo.InvariantCulture)).IncTo(GC.CollectionCount(generation));
            }

            pauses.IncTo(GC.GetTotalPauseDuration().TotalSeconds);
            allocated.IncTo(GC.GetTotalAllocatedBytes());
            heap.Set(GC.GetTotalMemory(forceFullCollection: false));
        });
    }
}
