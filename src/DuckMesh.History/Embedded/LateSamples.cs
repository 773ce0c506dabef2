using DuckDB.NET.Data;

namespace DuckMesh.History.Embedded;

/// <summary>The samples of a block whose hours were rolled up before: they are rolled up by themselves, as further rows of their hours.</summary>
internal sealed class LateSamples
{
    private readonly Dictionary<(int Series, long Hour), Row> _rows = [];

    public void Add(int series, long hour, double value) =>
        _rows[(series, hour)] = _rows.TryGetValue((series, hour), out var row) ? row.With(value) : new Row(1, value, value, value);

    public void Write(DuckDBConnection connection)
    {
        if (_rows.Count == 0) return;
        using var appender = connection.CreateAppender("samples_1h");
        foreach (var ((series, hour), row) in _rows)
        {
            appender.CreateRow().AppendValue(series).AppendValue(Sql.Time(hour)).AppendValue(row.Count).AppendValue(row.Total).AppendValue(row.Least).AppendValue(row.Greatest).EndRow();
        }
    }

    private readonly record struct Row(uint Count, double Total, double Least, double Greatest)
    {
        public Row With(double value) => new(Count + 1, Total + value, Math.Min(Least, value), Math.Max(Greatest, value));
    }
}
