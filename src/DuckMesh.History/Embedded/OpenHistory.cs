using DuckDB.NET.Data;
using DuckMesh.History.Blocks;

namespace DuckMesh.History.Embedded;

/// <summary>The file open for writing, with what is known of it in memory. For one caller at a time. After a failure it is thrown away: what it knows may not be stored.</summary>
internal sealed class OpenHistory : IDisposable
{
    private readonly SeriesTable _series = new();
    private readonly HourTable _hours = new();
    private readonly HashSet<int> _tables = [];
    private readonly DuckDBConnection _connection;
    private long _blocks;

    public OpenHistory(HistoryFile file)
    {
        _connection = file.Open();
        try
        {
            if (Schema.VersionOf(_connection) is not { } version || version < Schema.Version) throw file.NoSchema();
            if (version > Schema.Version) throw file.Newer(version, Schema.Version);
            _series.Load(_connection);
            _hours.Load(_connection);
            _blocks = _connection.Read("SELECT coalesce(max(number), 0) FROM blocks", row => row.GetInt64(0), CancellationToken.None)[0];
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Stores a block in one transaction; does nothing when its id is stored.</summary>
    public void Store(HistoryBlock block, CancellationToken cancellation)
    {
        using var transaction = _connection.BeginTransaction();
        if (_connection.Execute("INSERT INTO blocks VALUES ($id, $number) ON CONFLICT DO NOTHING", ("id", block.Id), ("number", _blocks + 1)) == 0) return;
        var late = new LateSamples();
        Append(block.Samples, late, cancellation);
        late.Write(_connection);
        _series.WriteNew(_connection);
        _hours.WriteNew(_connection);
        EventTable.Write(_connection, block.Events);
        cancellation.ThrowIfCancellationRequested();
        transaction.Commit();
        _blocks++;
    }

    /// <summary>Rolls up the hours that are over, and deletes what is older than its retention.</summary>
    /// <param name="believed">Whether the clock can be trusted so far that things are deleted by it.</param>
    public void Keep(Retention retention, DateTimeOffset now, Func<DateTimeOffset?, bool> believed, CancellationToken cancellation)
    {
        Rollup.Run(_connection, _hours, _series.Days, now.ToUnixTimeSeconds(), cancellation);
        if (!believed(Expiry.Last(_connection))) return;
        if (Expiry.Run(_connection, _hours, _series.Days, retention, now, cancellation)) _series.Load(_connection);
    }

    private void Append(IReadOnlyList<Sample> samples, LateSamples late, CancellationToken cancellation)
    {
        var appenders = new Dictionary<int, DuckDBAppender>();
        try
        {
            var (days, appender) = (0, (DuckDBAppender)null!);
            var (hour, rolled) = (-1L, false);
            for (var i = 0; i < samples.Count; i++)
            {
                var (key, at, value) = samples[i];
                if (key.RetentionDays != days)
                {
                    cancellation.ThrowIfCancellationRequested();
                    days = key.RetentionDays;
                    appender = appenders.TryGetValue(days, out var open) ? open : appenders[days] = Appender(days);
                }

                if (at - hour is < 0 or >= HourTable.Seconds || hour < 0) rolled = _hours.IsRolled(hour = HourTable.HourOf(at));
                var series = _series.NumberOf(key);
                appender.CreateRow().AppendValue(series).AppendValue(Sql.Time(at)).AppendValue(value).EndRow();
                if (rolled) late.Add(series, hour, value);
            }
        }
        finally
        {
            foreach (var appender in appenders.Values) appender.Dispose();
        }
    }

    private DuckDBAppender Appender(int days)
    {
        if (_tables.Add(days)) _connection.Execute(SampleTable.Definition(days));
        return _connection.CreateAppender(SampleTable.Name(days));
    }
}
