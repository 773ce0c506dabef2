using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Akka.Actor;
using Akka.Serialization;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Edge;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Model.Readings;

namespace DuckMesh.Cluster.Serialization;

/// <summary>
/// The one serializer for all of ours that crosses a wire or is stored: source-generated JSON under a manifest that carries the version. A manifest is never
/// renamed and never means another shape: the journal keeps it for ever.
/// </summary>
public sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly ImmutableArray<(string Manifest, JsonTypeInfo Info)> Table =
    [
        ("cell.found.1", WireJson.Default.Found),
        ("cell.leave.1", WireJson.Default.Leave),
        ("cell.heard.1", WireJson.Default.CellAnnounced),
        ("edge.probe.1", WireJson.Default.Probe),
        ("edge.probe-failed.1", WireJson.Default.ProbeFailed),
        ("edge.refused.1", WireJson.Default.Refused),
        ("edge.adopt.1", WireJson.Default.Adopt),
        ("edge.known.1", WireJson.Default.Known),
        ("edge.forget.1", WireJson.Default.Forget),
        ("edge.reading.1", WireJson.Default.Reading),
        ("gather.question.1", WireJson.Default.Question),
        ("gather.part.1", WireJson.Default.Part),
        ("gather.unanswered.1", WireJson.Default.Unanswered),
        ("story.opened.1", WireJson.Default.Opened),
        ("story.discovered.1", WireJson.Default.Discovered),
        ("story.forgotten.1", WireJson.Default.Forgotten),
        ("story.gone.1", WireJson.Default.Gone),
        ("story.owned.1", WireJson.Default.Owned),
        ("story.transitions.1", WireJson.Default.Transitions),
        ("story.announced.1", WireJson.Default.EventAnnounced),
        ("story.state.1", WireJson.Default.CellState),
    ];

    private static readonly FrozenDictionary<Type, string> Manifests = Table.ToFrozenDictionary(t => t.Info.Type, t => t.Manifest);

    private static readonly FrozenDictionary<string, JsonTypeInfo> Infos = Table.ToFrozenDictionary(t => t.Manifest, t => t.Info, StringComparer.Ordinal);

    /// <summary>All types that it writes, for the actor system's bindings.</summary>
    public static ImmutableHashSet<Type> Types { get; } = [.. Table.Select(t => t.Info.Type)];

    public static ImmutableArray<string> AllManifests { get; } = [.. Table.Select(t => t.Manifest)];

    /// <summary>Stored with each event: never changes. 0 to 40 are Akka's own.</summary>
    public override int Identifier => 4201;

    public override string Manifest(object o) =>
        Manifests.TryGetValue(o.GetType(), out var manifest) ? manifest : throw new SerializationException($"{o.GetType()} has no manifest: add it to the table.");

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, Infos[Manifest(obj)]);

    public override object FromBinary(byte[] bytes, string manifest) =>
        !Infos.TryGetValue(manifest, out var info) ? throw new SerializationException($"Unknown manifest '{manifest}': was it written by a newer version of DuckMesh?")
        : JsonSerializer.Deserialize(bytes, info) ?? throw new SerializationException($"An empty {manifest}.");
}
