using System.Collections.Immutable;
using DuckDB.NET.Data;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Embedded;

/// <summary>The events, each once by its id.</summary>
internal static class EventTable
{
    /// <summary>A statement takes so many at once; each is a list of parameters, which are held in memory twice.</summary>
    private const int MostAtOnce = 1_000;

    public static void Write(DuckDBConnection connection, IReadOnlyList<HistoryEvent> events)
    {
        foreach (var part in events.DistinctBy(e => e.Id).Chunk(MostAtOnce))
        {
            connection.Execute(
                """
                INSERT INTO events
                SELECT unnest($id), unnest($ts), unnest($kind), unnest($subject), unnest($database), unnest($host), unnest($text), unnest($episode), unnest($rule), unnest($severity), unnest($state), unnest($value), unnest($threshold)
                ON CONFLICT DO NOTHING
                """,
                Column("id", part, e => e.Id),
                Column("ts", part, e => e.At.UtcDateTime),
                Column("kind", part, e => e.Kind.ToString()),
                Column("subject", part, e => e.Subject),
                Column("database", part, e => e.Database),
                Column("host", part, e => e.Host),
                Column("text", part, e => e.Text),
                Column("episode", part, e => e.Episode),
                Column("rule", part, e => e.Rule),
                Column("severity", part, e => e.Severity),
                Column("state", part, e => e.State),
                Column("value", part, e => e.Value),
                Column("threshold", part, e => e.Threshold));
        }
    }

    public static ImmutableArray<HistoryEvent> Read(DuckDBConnection connection, EventRange range, CancellationToken cancellation) =>
    [
        .. connection.Read(
            """
            SELECT id, ts, kind, subject, database, host, text, episode, rule, severity, state, value, threshold FROM
              (SELECT * FROM events WHERE subject = $subject AND ts >= $from AND ts < $to ORDER BY ts DESC, id DESC LIMIT $limit)
            ORDER BY ts, id
            """,
            Event,
            cancellation,
            ("subject", range.Subject),
            ("from", range.From.UtcDateTime),
            ("to", range.To.UtcDateTime),
            ("limit", range.Limit)),
    ];

    private static (string Name, object Value) Column<T>(string name, HistoryEvent[] events, Func<HistoryEvent, T> value) => (name, events.Select(value).ToList());

    private static HistoryEvent Event(DuckDBDataReader row) =>
        new(
            row.GetString(0),
            new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(1), DateTimeKind.Utc)),
            Enum.Parse<EventKind>(row.GetString(2)),
            row.GetString(3),
            row.GetString(4),
            row.GetString(5),
            row.GetString(6))
        {
            Episode = Text(row, 7),
            Rule = Text(row, 8),
            Severity = Text(row, 9),
            State = Text(row, 10),
            Value = Number(row, 11),
            Threshold = Number(row, 12),
        };

    private static string? Text(DuckDBDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static double? Number(DuckDBDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
