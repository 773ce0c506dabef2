namespace DuckMesh.Alerting.Conditions;

/// <summary>What a condition says of one batch.</summary>
/// <param name="Value">The value that decided; NaN where there is none.</param>
internal readonly record struct Verdict(Outcome Outcome, double Value)
{
    public static readonly Verdict NotApplicable = new(Outcome.NotApplicable, double.NaN);

    public static readonly Verdict NoData = new(Outcome.NoData, double.NaN);

    public static Verdict Of(bool holds, double value) => new(holds ? Outcome.Holds : Outcome.HoldsNot, value);
}
