namespace DuckMesh.Model.Metrics;

public enum MetricType
{
    Gauge,
    Counter,
    Histogram,
}
