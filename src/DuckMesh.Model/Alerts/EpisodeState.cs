namespace DuckMesh.Model.Alerts;

public enum EpisodeState
{
    /// <summary>The condition holds, but not yet for as long as the rule asks.</summary>
    Pending,

    Firing,

    /// <summary>The episode is open and its metric became absent: whether the condition still holds can't be known.</summary>
    NoData,

    Resolved,
}
