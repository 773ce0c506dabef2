namespace DuckMesh.Cluster;

/// <summary>Why a node ended by itself.</summary>
/// <param name="ExitCode">Of the process.</param>
/// <param name="Line">What happened and what to try.</param>
public sealed record NodeEnd(int ExitCode, string Line)
{
    /// <summary>As for every start that can't be: to start it again changes nothing until somebody has changed something.</summary>
    private const int CannotStart = 2;

    /// <summary>To start it again is right: it then joins anew.</summary>
    private const int LostItsPlace = 3;

    public static NodeEnd Refused(string why) => new(CannotStart, why);

    public static NodeEnd Downed(string why) => new(LostItsPlace, $"this node is no longer a member of its cluster: {why}.");
}
