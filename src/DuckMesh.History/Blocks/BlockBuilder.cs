using System.Collections.Immutable;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.History.Blocks;

/// <summary>
/// Collects batches and events until they are taken as a block. For one caller at a time.
/// The keys of a database's series are made once and shared by all its samples, until <see cref="Forget"/>.
/// </summary>
public sealed class BlockBuilder
{
    /// <summary>The series that a batch fills, and behind them what is known from its description.</summary>
    private static readonly ImmutableArray<Kept> Table =
    [
        .. MetricCatalog.Metrics.SelectMany(metric => metric.Series).OrderBy(series => series.Index)
            .Select(series => new Kept(series.Metric, SeriesLabels.Text(series.Labels), MetricCatalog.ByName[series.Metric].Retention)),
        new Kept(MetricCatalog.DatabaseExpected.Name, "", MetricCatalog.DatabaseExpected.Retention),
    ];

    private readonly int[] _days;
    private readonly Dictionary<DatabaseId, Keys> _keys = [];
    private List<Sample> _samples = [];
    private List<HistoryEvent> _events = [];

    public BlockBuilder(Retention retention) => _days = [.. Table.Select(kept => retention.Days(kept.Class))];

    /// <summary>Collected and not yet taken.</summary>
    public int Rows => _samples.Count + _events.Count;

    /// <summary>Rows that were left out because their time can't be stored, since this was made.</summary>
    public long Refused { get; private set; }

    /// <summary>Adds what a batch knows; what is absent is left out.</summary>
    public void Add(Batch batch)
    {
        var at = batch.At.ToUnixTimeSeconds();
        var values = batch.Values;
        var possible = Sample.IsTime(at);
        var keys = possible ? KeysOf(batch.Database) : null;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[i])) continue;
            if (keys is null) Refused++;
            else _samples.Add(new Sample(Key(keys, i), at, values[i]));
        }

        if (keys is null) Refused++;
        else _samples.Add(new Sample(Key(keys, values.Length), at, batch.Database.Expected ? 1 : 0));
    }

    public void Add(HistoryEvent happened)
    {
        if (Sample.IsTime(happened.At.ToUnixTimeSeconds())) _events.Add(happened);
        else Refused++;
    }

    /// <summary>Drops the keys of a database that is watched no more.</summary>
    public void Forget(DatabaseId database) => _keys.Remove(database);

    /// <summary>What was collected, as a block; the builder is empty afterwards. Null when there is nothing.</summary>
    public HistoryBlock? Take(string id)
    {
        if (Rows == 0) return null;
        var block = new HistoryBlock(id, _samples, _events);
        _samples = new List<Sample>(_samples.Count);
        _events = [];
        return block;
    }

    private Keys KeysOf(DatabaseDescription database)
    {
        if (!_keys.TryGetValue(database.Id, out var keys) || keys.Name != database.Name) _keys[database.Id] = keys = new Keys(database.Name, database.Id.Host, new SeriesKey?[Table.Length]);
        return keys;
    }

    private SeriesKey Key(Keys keys, int index) =>
        keys.OfSeries[index] ??= new SeriesKey(Table[index].Metric, keys.Name, keys.Host, Table[index].Labels, _days[index]);

    private sealed record Kept(string Metric, string Labels, RetentionClass Class);

    private sealed record Keys(string Name, string Host, SeriesKey?[] OfSeries);
}
