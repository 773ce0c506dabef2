using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Conditions;

/// <summary>A part of a node is down: its self-metric is 0. It is no database's, so batches say nothing of it: the room that sees it judges and announces.</summary>
/// <param name="SelfMetric">A gauge of the node: 1 = works, 0 = does not.</param>
public sealed record OfNode(string SelfMetric) : Condition
{
    public override string Metric => SelfMetric;

    public override bool HasThreshold => false;

    public override string Expression(double threshold) => $"{SelfMetric} == 0";

    internal override Verdict Judge(Batch batch, double threshold, TimeSpan interval, ref CounterWindow? window) => Verdict.NotApplicable;

    internal override string Explain(Batch batch, Verdict verdict, double threshold) => "";
}
