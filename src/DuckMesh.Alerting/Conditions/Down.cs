using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Conditions;

/// <summary>An expected database is not observed. <c>duckdb_up</c> has waited for two intervals already.</summary>
public sealed record Down : Condition
{
    public override string Metric => MetricCatalog.Up.Metric;

    public override bool HasThreshold => false;

    public override string Expression(double threshold) => $"{Metric} == 0";

    internal override Verdict Judge(Batch batch, double threshold, TimeSpan interval, ref CounterWindow? window)
    {
        if (!batch.Database.Expected) return Verdict.NotApplicable;
        var up = batch[MetricCatalog.Up];
        return double.IsFinite(up) ? Verdict.Of(up == 0, up) : Verdict.NoData;
    }

    internal override string Explain(Batch batch, Verdict verdict, double threshold)
    {
        if (verdict.Outcome == Outcome.HoldsNot) return "the database is observed again";
        return batch.Database.Reason is { } reason ? $"an expected database is not observed: {reason}" : "an expected database is not observed";
    }
}
