using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Conditions;

/// <summary>A host has no node in the cluster. Judged by batches that its supervisor makes of what the cluster knows.</summary>
public sealed record Lost : Condition
{
    public override string Metric => "duckmesh_host_up";

    public override bool HasThreshold => false;

    public override string Expression(double threshold) => $"{Metric} == 0";

    internal override Verdict Judge(Batch batch, double threshold, TimeSpan interval, ref CounterWindow? window)
    {
        var up = batch[MetricCatalog.Up];
        return double.IsFinite(up) ? Verdict.Of(up == 0, up) : Verdict.NoData;
    }

    internal override string Explain(Batch batch, Verdict verdict, double threshold) =>
        verdict.Outcome == Outcome.HoldsNot ? "a node of the host is in the cluster again" : "no node of the host is in the cluster";
}
