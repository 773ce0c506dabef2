using System.Globalization;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Alerting.Conditions;

/// <summary>
/// What a rule asks of a batch. The hierarchy is closed: <see cref="Above"/>, <see cref="Increase"/>, <see cref="Down"/>, <see cref="Crashed"/>, <see cref="Lost"/>,
/// and <see cref="OfNode"/> for what no batch can tell.
/// </summary>
public abstract record Condition
{
    private protected Condition()
    {
    }

    /// <summary>The metric that decides.</summary>
    public abstract string Metric { get; }

    /// <summary>For a condition on what a counter gained: over how long; else null.</summary>
    public virtual TimeSpan? Window => null;

    /// <summary>False: the condition asks whether something is there, and has no limit to move.</summary>
    public virtual bool HasThreshold => true;

    /// <summary>The condition in PromQL, as <c>docker/prometheus/rules/duckmesh.yml</c> has it.</summary>
    public abstract string Expression(double threshold);

    /// <param name="interval">Between two batches.</param>
    /// <param name="window">What the condition remembers of this database between batches; it is made when there is something to remember.</param>
    internal abstract Verdict Judge(Batch batch, double threshold, TimeSpan interval, ref CounterWindow? window);

    /// <summary>For people: what made the condition hold, or hold no longer.</summary>
    internal abstract string Explain(Batch batch, Verdict verdict, double threshold);

    private protected static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private protected static string Text(TimeSpan span) => span.TotalMinutes >= 1 && span.Ticks % TimeSpan.TicksPerMinute == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes}m")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds}s");
}
