namespace DuckMesh.Alerting.Conditions;

internal enum Outcome
{
    Holds,

    HoldsNot,

    /// <summary>Not enough of the window has been seen yet to say that the condition does not hold.</summary>
    Undecided,

    /// <summary>The question does not arise: a database that nobody expects can't be missing.</summary>
    NotApplicable,

    /// <summary>The metric that decides is absent.</summary>
    NoData,
}
