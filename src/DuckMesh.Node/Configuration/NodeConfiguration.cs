using System.Collections.Immutable;
using System.Net;
using DuckMesh.Cluster;
using DuckMesh.Model.Databases;

namespace DuckMesh.Node.Configuration;

/// <summary>Reads the configuration: the defaults in <c>hocon/duckmesh.conf</c>, over them the file that was named, over both the environment.</summary>
internal static class NodeConfiguration
{
    private const string DefaultsFile = "duckmesh.conf";
    private const string VariablePrefix = "DUCKMESH_";

    /// <summary>What Kubernetes sets in every pod for a service named duckmesh; not meant for us.</summary>
    private static readonly string[] ForeignPrefixes = ["DUCKMESH_SERVICE_", "DUCKMESH_PORT_"];

    /// <summary>Never throws for what it reads.</summary>
    /// <param name="file">Null: none was named.</param>
    /// <param name="hoconFolder">The folder of the shipped HOCON files.</param>
    public static LoadedConfiguration Load(string? file, IReadOnlyDictionary<string, string> environment, string hoconFolder)
    {
        var mistakes = new Mistakes();
        var layers = new List<Dictionary<string, Setting>> { KeysOf(HoconFile.Read(Path.Combine(hoconFolder, DefaultsFile), mistakes), mistakes) };
        if (file is not null) layers.Add(KeysOf(HoconFile.Read(file, mistakes), mistakes));
        layers.Add(Variables(environment, mistakes));

        var options = new NodeOptions(
            new IPEndPoint(IPAddress.Loopback, 0),
            new MonitorSettings { Host = MachineName(), DataFolder = Environment.CurrentDirectory, HoconFolder = hoconFolder });
        foreach (var key in Keys.All)
        {
            // Every layer is validated, also what the next one covers: it may be uncovered some day.
            foreach (var layer in layers)
            {
                if (layer.TryGetValue(key.Name, out var setting)) options = key.Apply(options, setting, mistakes);
            }
        }

        if (mistakes.Lines.Count == 0 && layers.Last(l => l.ContainsKey("address"))["address"] is { } address) ClusterKeys.Check(options.Monitor, address, mistakes);
        return mistakes.Lines.Count == 0 ? new LoadedConfiguration(options, []) : new LoadedConfiguration(null, [.. mistakes.Lines]);
    }

    /// <summary>The known keys under <c>duckmesh</c>; all others are mistakes.</summary>
    private static Dictionary<string, Setting> KeysOf(Setting? root, Mistakes mistakes)
    {
        var known = new Dictionary<string, Setting>(StringComparer.Ordinal);
        foreach (var (top, setting) in root?.Keys ?? [])
        {
            if (top != "duckmesh")
            {
                mistakes.Add(setting, top, "there is no such key; all keys stand under duckmesh { }.");
                continue;
            }

            if (setting.Keys is null) mistakes.Add(setting, "duckmesh", $"{setting.Kind} is not possible; write keys, such as duckmesh {{ interval = 5s }}.");
            foreach (var (name, value) in setting.Keys ?? [])
            {
                if (Keys.All.Any(k => k.Name == name)) known[name] = value;
                else Unknown(value, $"duckmesh.{name}", name, Keys.OfLater, Keys.All.Select(k => k.Name), mistakes);
            }
        }

        return known;
    }

    private static Dictionary<string, Setting> Variables(IReadOnlyDictionary<string, string> environment, Mistakes mistakes)
    {
        var set = new Dictionary<string, Setting>(StringComparer.Ordinal);
        foreach (var (variable, text) in environment.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (!variable.StartsWith(VariablePrefix, StringComparison.Ordinal) || ForeignPrefixes.Any(p => variable.StartsWith(p, StringComparison.Ordinal))) continue;
            var setting = new Setting(variable) { Text = text };
            if (Keys.All.FirstOrDefault(k => k.Variable == variable) is { } key)
                set[key.Name] = key.IsList ? new Setting(variable) { Items = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(t => setting with { Text = t })] } : setting;
            else
                Unknown(setting, "environment", variable, [.. Keys.OfLater.Select(VariableOf)], Keys.All.Select(k => k.Variable).OfType<string>(), mistakes);
        }

        return set;
    }

    private static void Unknown(Setting setting, string key, string name, ImmutableArray<string> ofLater, IEnumerable<string> known, Mistakes mistakes) =>
        mistakes.Add(setting, key, ofLater.Contains(name)
            ? "not supported by this version; leave it out."
            : $"there is no such key; did you mean '{Nearest.Of(name, known)}'? Known are {string.Join(", ", known)}.");

    private static string VariableOf(string key) => VariablePrefix + key.ToUpperInvariant().Replace('-', '_');

    /// <summary>A machine's name may be anything; a label must be something.</summary>
    private static string MachineName()
    {
        var name = string.Concat(Environment.MachineName.Where(c => DatabaseId.IsName(c.ToString()) && !char.IsControl(c)));
        return name.Length > 0 ? name : "localhost";
    }
}
