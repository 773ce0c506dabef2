using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Conditions;

/// <summary>What a counter gained over a window is above the threshold.</summary>
/// <remarks>
/// As Prometheus' <c>increase</c>, without its extrapolation: a counter that went down has begun anew at 0. The first value ever seen is where counting starts.
/// A gain above the threshold decides at once; that it is not above can only be said of a whole window.
/// </remarks>
public sealed record Increase(Series Series, TimeSpan Over) : Condition
{
    public override string Metric => Series.Metric;

    public override TimeSpan? Window => Over;

    public override string Expression(double threshold) => $"increase({Metric}[{Text(Over)}]) > {Text(threshold)}";

    internal override Verdict Judge(Batch batch, double threshold, TimeSpan interval, ref CounterWindow? window)
    {
        var value = batch[Series];
        if (!double.IsFinite(value)) return batch[MetricCatalog.Owned] == 0 ? Verdict.NotApplicable : Verdict.NoData;
        window ??= new CounterWindow(Over, interval);
        window.Add(batch.At, value);
        var gained = window.Gained;
        if (gained > threshold) return new Verdict(Outcome.Holds, gained);
        return new Verdict(window.Full ? Outcome.HoldsNot : Outcome.Undecided, gained);
    }

    internal override string Explain(Batch batch, Verdict verdict, double threshold) =>
        $"{Metric} rose by {Text(verdict.Value)} in {Text(Over)}, {(verdict.Outcome == Outcome.Holds ? "more" : "no longer more")} than {Text(threshold)}";
}
