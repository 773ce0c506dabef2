using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Node.Http.History;
using DuckMesh.Node.Http.Items;
using DuckMesh.Node.Http.Paging;
using Microsoft.AspNetCore.Mvc;

namespace DuckMesh.Node.Http;

/// <summary>The JSON of the API: camelCase, also for states; what is not known is null, not left out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Page<DatabaseItem>))]
[JsonSerializable(typeof(Page<AlertItem>))]
[JsonSerializable(typeof(Page<RuleItem>))]
[JsonSerializable(typeof(Page<NodeItem>))]
[JsonSerializable(typeof(DatabaseDetail))]
[JsonSerializable(typeof(NodeItem))]
[JsonSerializable(typeof(ImmutableArray<DatabaseDetail>))]
[JsonSerializable(typeof(ImmutableArray<TargetGroup>))]
[JsonSerializable(typeof(DatabaseQuery))]
[JsonSerializable(typeof(AlertQuery))]
[JsonSerializable(typeof(AllRules))]
[JsonSerializable(typeof(AboutNode))]
[JsonSerializable(typeof(HistoryItem))]
[JsonSerializable(typeof(TimelineItem))]
[JsonSerializable(typeof(HistoryRange))]
[JsonSerializable(typeof(EventRange))]
[JsonSerializable(typeof(ImmutableArray<HistorySeries>))]
[JsonSerializable(typeof(ImmutableArray<HistoryEvent>))]
[JsonSerializable(typeof(ReadinessItem))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(Cursor))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>What the context can't carry into options that are not its own.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(CamelCase<DatabaseState>());
        options.Converters.Add(CamelCase<EpisodeState>());
        options.Converters.Add(CamelCase<Severity>());
    }

    private static JsonStringEnumConverter<T> CamelCase<T>()
        where T : struct, Enum => new(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
}
