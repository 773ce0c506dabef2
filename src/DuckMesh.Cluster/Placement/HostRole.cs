namespace DuckMesh.Cluster.Placement;

/// <summary>A node's role that says which host's files it sees: <c>host-&lt;host&gt;</c>.</summary>
public static class HostRole
{
    private const string Prefix = "host-";

    public static string Of(string host) => Prefix + host;

    /// <summary>The host; null for a member that has no such role.</summary>
    public static string? HostOf(IEnumerable<string> roles) => roles.FirstOrDefault(r => r.StartsWith(Prefix, StringComparison.Ordinal))?[Prefix.Length..];
}
