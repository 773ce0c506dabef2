using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Conditions;

/// <summary>
/// Nobody holds an expected database, and a write-ahead log with commits is left beside it. DuckDB removes the log when it closes a database cleanly, so what
/// is left means that its owner did not get to close it. Where commits can't be counted (an encrypted or damaged log) any log at all decides.
/// </summary>
public sealed record Crashed : Condition
{
    public override string Metric => MetricCatalog.WalCommits.Metric;

    public override bool HasThreshold => false;

    public override string Expression(double threshold) =>
        $"({Metric} > 0 or ({MetricCatalog.WalSizeBytes.Metric} > 0 unless on (database, host) {Metric})) and on (database, host) {MetricCatalog.Owned.Metric} == 0";

    internal override Verdict Judge(Batch batch, double threshold, TimeSpan interval, ref CounterWindow? window)
    {
        if (!batch.Database.Expected) return Verdict.NotApplicable;
        var owned = batch[MetricCatalog.Owned];
        var left = Left(batch);
        // Held: whatever is in the log is its owner's business, also where the log can't be read.
        if (owned > 0) return Verdict.Of(false, left);
        return double.IsFinite(owned) && double.IsFinite(left) ? Verdict.Of(left > 0, left) : Verdict.NoData;
    }

    internal override string Explain(Batch batch, Verdict verdict, double threshold)
    {
        if (verdict.Outcome == Outcome.Holds)
        {
            return double.IsFinite(batch[MetricCatalog.WalCommits])
                ? $"no process holds the database and a write-ahead log with {Text(verdict.Value)} commits is left"
                : $"no process holds the database and a write-ahead log of {Text(verdict.Value)} bytes is left, whose commits can't be counted";
        }

        return batch[MetricCatalog.Owned] > 0 ? "a process holds the database again" : "no commits are left in the write-ahead log";
    }

    private static double Left(Batch batch)
    {
        var commits = batch[MetricCatalog.WalCommits];
        return double.IsFinite(commits) ? commits : batch[MetricCatalog.WalSizeBytes];
    }
}
