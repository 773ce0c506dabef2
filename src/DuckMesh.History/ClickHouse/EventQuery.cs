using System.Collections.Immutable;
using ClickHouse.Driver.ADO.Parameters;
using ClickHouse.Driver.ADO.Readers;
using ClickHouse.Driver.Utility;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.ClickHouse;

/// <summary>Events of a subject. What was told twice is there twice until ClickHouse merges, so the reader takes one for each id.</summary>
internal sealed class EventQuery(EventRange range)
{
    private const string Sql = $$"""
        SELECT id, toUnixTimestamp64Micro(at), kind, subject, database, host, text, episode, rule, severity, state, value, threshold
        FROM {{Schema.Events}}
        WHERE subject = {subject:String} AND at >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND at < fromUnixTimestamp64Micro({to:Int64}, 'UTC')
        ORDER BY at DESC, id DESC, rank DESC
        LIMIT 1 BY id
        LIMIT {limit:UInt32}
        """;

    public async Task<ImmutableArray<HistoryEvent>> RunAsync(ClickHouseServer server, CancellationToken cancellation)
    {
        var parameters = new ClickHouseParameterCollection();
        parameters.AddParameter("subject", range.Subject);
        parameters.AddParameter("from", Micros(range.From));
        parameters.AddParameter("to", Micros(range.To));
        parameters.AddParameter("limit", range.Limit);
        var newestFirst = await server.ReadAsync(Sql, parameters, null, Event, cancellation).ConfigureAwait(false);
        // A kind that only a newer version knows is left out.
        return [.. newestFirst.Reverse().OfType<HistoryEvent>()];
    }

    private static HistoryEvent? Event(ClickHouseDataReader row) =>
        EventKinds.Kind(row.GetString(2)) is not { } kind ? null : new HistoryEvent(
            row.GetString(0), DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64(1) * TimeSpan.TicksPerMicrosecond), kind, row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6))
        {
            Episode = Known(row.GetString(7)),
            Rule = Known(row.GetString(8)),
            Severity = Known(row.GetString(9)),
            State = Known(row.GetString(10)),
            Value = Number(row, 11),
            Threshold = Number(row, 12),
        };

    private static string? Known(string text) => text.Length > 0 ? text : null;

    private static double? Number(ClickHouseDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    /// <summary>The first microsecond that is not before this.</summary>
    private static long Micros(DateTimeOffset at) => ((at - DateTimeOffset.UnixEpoch).Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond;
}
