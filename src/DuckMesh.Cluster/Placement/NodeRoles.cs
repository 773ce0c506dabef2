namespace DuckMesh.Cluster.Placement;

/// <summary>What a node says of itself in its roles, which every member knows: <c>host-&lt;host&gt;</c>, whose files it sees, and <c>http-&lt;address&gt;</c>, where its HTTP listens.</summary>
/// <remarks>Values are percent-encoded: roles are written into HOCON without quotes, where a colon or a bracket means something.</remarks>
public static class NodeRoles
{
    private const string Host = "host-";
    private const string Http = "http-";

    public static string OfHost(string host) => Host + Uri.EscapeDataString(host);

    public static string OfHttp(string address) => Http + Uri.EscapeDataString(address);

    /// <summary>The host; null for a member that has no such role.</summary>
    public static string? HostOf(IEnumerable<string> roles) => ValueOf(roles, Host);

    /// <summary>Host and port of its HTTP; null for a member that has no such role.</summary>
    public static string? HttpOf(IEnumerable<string> roles) => ValueOf(roles, Http);

    private static string? ValueOf(IEnumerable<string> roles, string prefix) =>
        roles.FirstOrDefault(r => r.StartsWith(prefix, StringComparison.Ordinal)) is { } role ? Uri.UnescapeDataString(role[prefix.Length..]) : null;
}
