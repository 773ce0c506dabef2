using DuckDB.NET.Data;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.Embedded;

/// <summary>The numbers of the series, all in memory: a sample is stored under its series' number.</summary>
internal sealed class SeriesTable
{
    private readonly Dictionary<SeriesKey, int> _numbers = [];
    private readonly List<(int Number, SeriesKey Key)> _new = [];
    private readonly SortedSet<int> _days = [];
    private int _last;

    /// <summary>The retentions that any series has: each has a table of samples.</summary>
    public IReadOnlyCollection<int> Days => _days;

    public void Load(DuckDBConnection connection)
    {
        _numbers.Clear();
        _days.Clear();
        var shared = new Dictionary<string, string>(StringComparer.Ordinal);   // names repeat from series to series
        string Shared(string text) => shared.TryGetValue(text, out var first) ? first : shared[text] = text;
        var rows = connection.Read(
            "SELECT series, metric, database, host, labels, retention_days FROM series",
            row => (Number: row.GetInt32(0), Key: new SeriesKey(Shared(row.GetString(1)), Shared(row.GetString(2)), Shared(row.GetString(3)), Shared(row.GetString(4)), row.GetInt32(5))),
            CancellationToken.None);
        foreach (var (number, key) in rows)
        {
            _numbers[key] = number;
            _days.Add(key.RetentionDays);
            _last = Math.Max(_last, number);
        }
    }

    /// <summary>The number of a series; one that is new gets the next, and is stored by <see cref="WriteNew"/>.</summary>
    public int NumberOf(SeriesKey key)
    {
        if (_numbers.TryGetValue(key, out var number)) return number;
        _numbers[key] = ++_last;
        _new.Add((_last, key));
        _days.Add(key.RetentionDays);
        return _last;
    }

    public void WriteNew(DuckDBConnection connection)
    {
        if (_new.Count == 0) return;
        using var appender = connection.CreateAppender("series");
        foreach (var (number, key) in _new)
        {
            appender.CreateRow().AppendValue(number).AppendValue(key.Metric).AppendValue(key.Database).AppendValue(key.Host).AppendValue(key.Labels).AppendValue(key.RetentionDays).EndRow();
        }

        _new.Clear();
    }
}
