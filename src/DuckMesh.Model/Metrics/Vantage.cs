namespace DuckMesh.Model.Metrics;

/// <summary>From where a metric can be known.</summary>
public enum Vantage
{
    /// <summary>From outside: files and <c>/proc</c>.</summary>
    Outside,

    /// <summary>From the log that the owner writes, or from an attachment.</summary>
    Inside,

    /// <summary>From DuckMesh's own work: syncs, alerts.</summary>
    Own,
}
