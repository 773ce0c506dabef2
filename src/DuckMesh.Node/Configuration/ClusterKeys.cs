using System.Net;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Postgres;

namespace DuckMesh.Node.Configuration;

/// <summary>The keys that make a node one of several.</summary>
internal static class ClusterKeys
{
    private const string Sqlite = "sqlite";

    /// <summary>The connection string; null for the file of a single node, and after a mistake. What was written is not repeated: it may have a password.</summary>
    public static Secret? Journal(Setting setting, Mistakes mistakes)
    {
        const string Allowed = $"write {Sqlite}, or a PostgreSQL connection string such as \"Host=db1;Database=duckmesh;Username=duckmesh;Password=...\"";
        if (Keys.Text(setting, "journal", mistakes, Allowed) is not { } text || text == Sqlite) return null;
        if (PostgresDatabase.WhyNot(text) is not { } why) return new Secret(text);
        mistakes.Add(setting, "duckmesh.journal", $"the value is not possible: {why}; {Allowed}.");
        return null;
    }

    public static string? Address(Setting setting, Mistakes mistakes)
    {
        const string Allowed = "write an IP address of this machine, such as 127.0.0.1";
        if (Keys.Text(setting, "address", mistakes, Allowed) is not { } text) return null;
        if (!IPAddress.TryParse(text, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            mistakes.Add(setting, "duckmesh.address", $"'{text}' is not possible, for other nodes reach this one there; {Allowed}.");
            return null;
        }

        if (IPAddress.IsLoopback(address)) return address.ToString();
        mistakes.Add(setting, "duckmesh.address", $"'{text}' would let anybody in the network command this node: this version can't tell its nodes from others; keep all nodes on one machine, at 127.0.0.1.");
        return null;
    }

    public static string? Name(Setting setting, Mistakes mistakes)
    {
        var allowed = $"write up to {PostgresDatabase.LongestClusterName} letters, digits, '-' and '_', a letter or digit first";
        if (Keys.Text(setting, "cluster", mistakes, allowed) is not { } text) return null;
        if (text.Length <= PostgresDatabase.LongestClusterName && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return text;
        mistakes.Add(setting, "duckmesh.cluster", $"'{text}' is not possible; {allowed}.");
        return null;
    }
}
