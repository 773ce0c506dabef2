using System.Net;
using System.Security.Cryptography;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Hosting;
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

        return address.ToString();
    }

    /// <summary>What one key alone can't say: an address that others reach needs a journal that they share, and a proof of who they are.</summary>
    public static void Check(MonitorSettings settings, Setting address, Mistakes mistakes)
    {
        if (IPAddress.IsLoopback(IPAddress.Parse(settings.RemoteAddress))) return;
        if (settings.Postgres is null)
            mistakes.Add(address, "duckmesh.address", $"'{settings.RemoteAddress}' is for one node of several, and their journal can't be {Sqlite}; name a PostgreSQL database with the key journal, or leave address out.");
        if (settings.Tls is null)
            mistakes.Add(address, "duckmesh.address", $"'{settings.RemoteAddress}' would let anybody in its network command this node; give the nodes certificates with the key tls, or keep them on one machine, at 127.0.0.1.");
    }

    public static NodeTls? Tls(Setting setting, Mistakes mistakes)
    {
        const string Allowed = "write three PEM files, such as tls { certificate = node.crt, key = node.key, authority = ca.crt }";
        string[] known = ["certificate", "key", "authority"];
        if (setting.Keys is not { } keys)
        {
            mistakes.Add(setting, "duckmesh.tls", $"{setting.Kind} is not possible; {Allowed}.");
            return null;
        }

        foreach (var (name, value) in keys.Where(k => !known.Contains(k.Key))) mistakes.Add(value, $"duckmesh.tls.{name}", $"there is no such key; known are {string.Join(", ", known)}.");
        if (keys.Length == 0) return null;
        var files = keys.Where(k => known.Contains(k.Key)).ToDictionary(k => k.Key, k => Keys.Text(k.Value, $"tls.{k.Key}", mistakes, "write the path of a PEM file"), StringComparer.Ordinal);
        if (known.FirstOrDefault(k => !files.ContainsKey(k)) is { } missing)
        {
            mistakes.Add(setting, $"duckmesh.tls.{missing}", $"it is missing; {Allowed}.");
            return null;
        }

        if (files.Values.Any(f => f is null)) return null;
        try
        {
            return NodeTls.Load(files["certificate"]!, files["key"]!, files["authority"]!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            mistakes.Add(setting, "duckmesh.tls", $"{e.Message.ReplaceLineEndings(" ").TrimEnd('.')}; {Allowed}.");
            return null;
        }
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
