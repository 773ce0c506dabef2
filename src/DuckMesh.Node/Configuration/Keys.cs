using System.Collections.Immutable;
using System.Net;
using DuckMesh.Cluster;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Discovery;

namespace DuckMesh.Node.Configuration;

/// <summary>Every key that this version knows (contract, section 7).</summary>
internal static class Keys
{
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestExpectAfter = TimeSpan.FromDays(30);
    private static readonly TimeSpan ShortestForgetAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestForgetAfter = TimeSpan.FromDays(365);

    /// <summary>A label of every series of a database.</summary>
    private const int LongestName = 200;

    public static ImmutableArray<Key> All { get; } =
    [
        new("http", "DUCKMESH_HTTP", (o, s, m) => Text(s, "http", m, "write host:port, such as 127.0.0.1:9642") is { } t && Http(s, t, m) is { } http ? o with { Http = http } : o),
        new("port", "DUCKMESH_PORT", (o, s, m) => Number(s, "port", m, 0, ushort.MaxValue) is { } port ? Monitor(o, o.Monitor with { RemotePort = port }) : o),
        new("data", "DUCKMESH_DATA", (o, s, m) => Text(s, "data", m, "write the path of a folder") is { } t ? Monitor(o, o.Monitor with { DataFolder = System.IO.Path.GetFullPath(t) }) : o),
        new("host", "DUCKMESH_HOST", (o, s, m) => Host(s, m) is { } host ? Monitor(o, o.Monitor with { Host = host }) : o),
        new("discover", "DUCKMESH_DISCOVER", (o, s, m) => Switch(s, "discover", m) is { } on ? Monitor(o, o.Monitor with { Discover = on }) : o),
        new("watch", "DUCKMESH_WATCH", (o, s, m) => Monitor(o, o.Monitor with { Watch = Globs(s, "watch", m) })) { IsList = true },
        new("exclude", "DUCKMESH_EXCLUDE", (o, s, m) => Monitor(o, o.Monitor with { Exclude = Globs(s, "exclude", m) })) { IsList = true },
        new("interval", "DUCKMESH_INTERVAL", (o, s, m) => Span(s, "interval", m, ShortestInterval, LongestInterval) is { } d ? Monitor(o, o.Monitor with { Interval = d }) : o),
        new("expect-after", "DUCKMESH_EXPECT_AFTER", (o, s, m) => Span(s, "expect-after", m, ShortestInterval, LongestExpectAfter) is { } d ? Monitor(o, o.Monitor with { ExpectAfter = d }) : o),
        new("forget-after", "DUCKMESH_FORGET_AFTER", (o, s, m) => Span(s, "forget-after", m, ShortestForgetAfter, LongestForgetAfter) is { } d ? Monitor(o, o.Monitor with { ForgetAfter = d }) : o),
        new("address", "DUCKMESH_ADDRESS", (o, s, m) => ClusterKeys.Address(s, m) is { } address ? Monitor(o, o.Monitor with { RemoteAddress = address }) : o),
        new("tls", null, (o, s, m) => Monitor(o, o.Monitor with { Tls = ClusterKeys.Tls(s, m) })),
        new("journal", "DUCKMESH_JOURNAL", (o, s, m) => Monitor(o, o.Monitor with { Postgres = ClusterKeys.Journal(s, m) })),
        new("history", "DUCKMESH_HISTORY", (o, s, m) => Only(o, s, "history", "off", m)),
        new("cluster", "DUCKMESH_CLUSTER", (o, s, m) => ClusterKeys.Name(s, m) is { } name ? Monitor(o, o.Monitor with { ClusterName = name }) : o),
        new("names", null, (o, s, m) => Monitor(o, o.Monitor with { Names = Names(s, m) })),
        new("rules", null, (o, s, m) => Monitor(o, o.Monitor with { Rules = RuleKeys.Apply(o.Monitor.Rules, s, m) })),
    ];

    /// <summary>Keys of the contract whose part of the product is not there yet: to take them in silence would be to promise what does not happen.</summary>
    public static ImmutableArray<string> OfLater { get; } = ["flush", "slow-query", "tables", "sync", "notify", "auth", "retention"];

    /// <summary>The value of a text, without a value null and a mistake.</summary>
    public static string? Text(Setting setting, string key, Mistakes mistakes, string allowed)
    {
        if (setting.Text is { Length: > 0 } text && !text.Contains('\0', StringComparison.Ordinal)) return text;
        mistakes.Add(setting, $"duckmesh.{key}", setting.Text is "" ? $"the value is empty; {allowed}." : $"{setting.Kind} is not possible; {allowed}.");
        return null;
    }

    public static TimeSpan? Span(Setting setting, string key, Mistakes mistakes, TimeSpan least, TimeSpan most)
    {
        var allowed = $"{Duration.Example}, from {Duration.Text(least)} to {Duration.Text(most)}";
        if (Text(setting, key, mistakes, allowed) is not { } text) return null;
        if (Duration.TryParse(text, out var span) && span >= least && span <= most) return span;
        mistakes.Add(setting, $"duckmesh.{key}", $"'{text}' is not possible; {allowed}.");
        return null;
    }

    public static bool? Switch(Setting setting, string key, Mistakes mistakes)
    {
        const string Allowed = "write on or off";
        if (Text(setting, key, mistakes, Allowed) is not { } text) return null;
        if (text is "on" or "true" or "yes") return true;
        if (text is "off" or "false" or "no") return false;
        mistakes.Add(setting, $"duckmesh.{key}", $"'{text}' is not possible; {Allowed}.");
        return null;
    }

    private static NodeOptions Monitor(NodeOptions options, MonitorSettings monitor) => options with { Monitor = monitor };

    private static int? Number(Setting setting, string key, Mistakes mistakes, int least, int most)
    {
        var allowed = $"write a whole number from {least} to {most}";
        if (Text(setting, key, mistakes, allowed) is not { } text) return null;
        if (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        mistakes.Add(setting, $"duckmesh.{key}", $"'{text}' is not possible; {allowed}.");
        return null;
    }

    private static IPEndPoint? Http(Setting setting, string text, Mistakes mistakes)
    {
        var address = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1{text["localhost".Length..]}" : text;
        // Without a port IPEndPoint takes port 0; so what stands before the last colon must be an address by itself, an IPv6 one in brackets.
        var colon = address.LastIndexOf(':');
        if (colon < 1 || (address[..colon].Contains(':', StringComparison.Ordinal) && address[colon - 1] != ']') || !IPEndPoint.TryParse(address, out var endpoint))
        {
            mistakes.Add(setting, "duckmesh.http", $"'{text}' is not possible; write an address and a port, such as 127.0.0.1:9642, [::1]:9642 or localhost:9642.");
            return null;
        }

        if (IPAddress.IsLoopback(endpoint.Address)) return endpoint;
        mistakes.Add(setting, "duckmesh.http", $"'{text}' would let others in, and there is no authentication setting; listen on 127.0.0.1 or [::1], and put a proxy that authenticates before it.");
        return null;
    }

    private static string? Host(Setting setting, Mistakes mistakes)
    {
        const string Allowed = "write a name without colon, slash or blank";
        if (Text(setting, "host", mistakes, Allowed) is not { } text) return null;
        if (DatabaseId.IsName(text) && !text.Any(char.IsControl)) return text;
        mistakes.Add(setting, "duckmesh.host", $"'{text}' is not possible; {Allowed}.");
        return null;
    }

    private static NodeOptions Only(NodeOptions options, Setting setting, string key, string value, Mistakes mistakes)
    {
        // The value itself is not repeated: a connection string has a password.
        if (setting.Text != value) mistakes.Add(setting, $"duckmesh.{key}", $"only '{value}' is supported by this version.");
        return options;
    }

    private static ImmutableArray<string> Globs(Setting setting, string key, Mistakes mistakes)
    {
        const string Allowed = "write absolute paths, which may have wildcards, such as [\"/srv/*.duckdb\"]";
        if (setting.Items is not { } items)
        {
            if (setting.Text is null or "") mistakes.Add(setting, $"duckmesh.{key}", setting.Text is "" ? $"the value is empty; {Allowed}, or []." : $"{setting.Kind} is not possible; {Allowed}.");
            items = setting.Text is { Length: > 0 } ? [setting] : [];
        }

        return [.. items.Select(i => Glob(i, key, mistakes, Allowed)).OfType<string>()];
    }

    private static string? Glob(Setting setting, string key, Mistakes mistakes, string allowed)
    {
        if (Text(setting, key, mistakes, allowed) is not { } text) return null;
        if (WatchPattern.TryParse(text, out _, out var error)) return text;
        mistakes.Add(setting, $"duckmesh.{key}", error!);
        return null;
    }

    private static ImmutableDictionary<string, string> Names(Setting setting, Mistakes mistakes)
    {
        var names = ImmutableDictionary<string, string>.Empty;
        if (setting.Keys is not { } keys)
        {
            mistakes.Add(setting, "duckmesh.names", $"{setting.Kind} is not possible; write names by path, such as names {{ \"/srv/orders.duckdb\" = orders }}.");
            return names;
        }

        foreach (var (path, name) in keys)
        {
            if (path is not ['/', ..]) mistakes.Add(name, "duckmesh.names", $"'{path}' is no absolute path; write it in quotes, such as \"/srv/orders.duckdb\" = orders.");
            else if (Text(name, "names", mistakes, "write a short name") is not { } text) continue;
            else if (text.Length > LongestName || text.Any(char.IsControl)) mistakes.Add(name, "duckmesh.names", $"the name of '{path}' is longer than {LongestName} letters or has control characters; write a short name.");
            else if (names.ContainsValue(text)) mistakes.Add(name, "duckmesh.names", $"'{text}' is the name of two databases; give each its own.");
            else names = names.SetItem(path, text);
        }

        return names;
    }
}
