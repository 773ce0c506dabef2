namespace DuckMesh.Cluster;

/// <summary>A text that must not be shown: what holds it can be printed without harm.</summary>
public sealed class Secret(string value)
{
    /// <summary>For the one who must use it.</summary>
    public string Reveal() => value;

    public override string ToString() => "(not shown)";
}
