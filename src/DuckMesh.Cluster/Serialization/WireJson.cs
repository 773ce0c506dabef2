using System.Text.Json;
using System.Text.Json.Serialization;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Edge;
using DuckMesh.Cluster.Gathering;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Cluster.Notifier;
using DuckMesh.Model.Readings;

namespace DuckMesh.Cluster.Serialization;

/// <summary>How messages and events are written: camelCase, enums by name, nulls left out.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters = [typeof(DatabaseIdConverter)])]
[JsonSerializable(typeof(CellProtocol.Found))]
[JsonSerializable(typeof(CellProtocol.Leave))]
[JsonSerializable(typeof(CellProtocol.Announced), TypeInfoPropertyName = "CellAnnounced")]
[JsonSerializable(typeof(EdgeProtocol.Probe))]
[JsonSerializable(typeof(EdgeProtocol.ProbeFailed))]
[JsonSerializable(typeof(EdgeProtocol.Adopt))]
[JsonSerializable(typeof(EdgeProtocol.Known))]
[JsonSerializable(typeof(EdgeProtocol.Forget))]
[JsonSerializable(typeof(EdgeProtocol.Refused))]
[JsonSerializable(typeof(Reading))]
[JsonSerializable(typeof(GatherProtocol.Question))]
[JsonSerializable(typeof(GatherProtocol.Part))]
[JsonSerializable(typeof(GatherProtocol.Unanswered))]
[JsonSerializable(typeof(CellEvent.Opened))]
[JsonSerializable(typeof(CellEvent.Discovered))]
[JsonSerializable(typeof(CellEvent.Forgotten))]
[JsonSerializable(typeof(CellEvent.Gone))]
[JsonSerializable(typeof(CellEvent.Owned))]
[JsonSerializable(typeof(CellEvent.Transitions))]
[JsonSerializable(typeof(CellEvent.Announced), TypeInfoPropertyName = "EventAnnounced")]
[JsonSerializable(typeof(CellEvent.Presence), TypeInfoPropertyName = "EventPresence")]
[JsonSerializable(typeof(CellState))]
[JsonSerializable(typeof(Announcement))]
public sealed partial class WireJson : JsonSerializerContext;
