using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Conditions;

/// <summary>A value is above the threshold.</summary>
/// <param name="OfOwner">The value is the owner's: without an owner there is nothing to judge, which is not the same as a value that can't be known.</param>
public sealed record Above(Series Series, bool OfOwner = false) : Condition
{
    public override string Metric => Series.Metric;

    public override string Expression(double threshold) => $"{Metric} > {Text(threshold)}";

    internal override Verdict Judge(Batch batch, double threshold, TimeSpan interval, ref CounterWindow? window)
    {
        var value = batch[Series];
        if (!double.IsFinite(value)) return OfOwner && batch[MetricCatalog.Owned] == 0 ? Verdict.NotApplicable : Verdict.NoData;
        return Verdict.Of(value > threshold, value);
    }

    internal override string Explain(Batch batch, Verdict verdict, double threshold) =>
        $"{Metric} is {Text(verdict.Value)}, {(verdict.Outcome == Outcome.Holds ? "above" : "no longer above")} {Text(threshold)}";
}
