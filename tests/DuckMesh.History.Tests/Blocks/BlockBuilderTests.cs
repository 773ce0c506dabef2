using DuckMesh.History.Blocks;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Metrics;

namespace DuckMesh.History.Tests.Blocks;

public sealed class BlockBuilderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, 700, TimeSpan.Zero);
    private static readonly DatabaseId Orders = new("h1", null, "/srv/orders.duckdb");
    private readonly BlockBuilder _builder = new(Retention.Default);

    [Fact]
    public void A_batch_becomes_the_samples_that_it_knows_at_its_second()
    {
        _builder.Add(Batch((MetricCatalog.Up, 1), (MetricCatalog.BlocksFree, 7), (MetricCatalog.WalCommits, 3)));
        var block = _builder.Take("n-1")!;

        Assert.Equal("n-1", block.Id);
        Assert.Equal(
            [
                new Sample(new SeriesKey("duckdb_up", "orders", "h1", "", 30), Noon.ToUnixTimeSeconds(), 1),
                new Sample(new SeriesKey("duckdb_blocks", "orders", "h1", "state=\"free\"", 30), Noon.ToUnixTimeSeconds(), 7),
                new Sample(new SeriesKey("duckdb_wal_commits", "orders", "h1", "", 30), Noon.ToUnixTimeSeconds(), 3),
                new Sample(new SeriesKey("duckmesh_database_expected", "orders", "h1", "", 30), Noon.ToUnixTimeSeconds(), 0),
            ],
            block.Samples.OrderBy(s => s.Series.Metric is "duckmesh_database_expected" ? 3 : s.Series.Metric is "duckdb_up" ? 0 : s.Series.Metric is "duckdb_blocks" ? 1 : 2));
        block.Check();
    }

    [Fact]
    public void Every_series_of_a_batch_has_its_name_labels_and_days_from_the_catalog()
    {
        var values = new double[MetricCatalog.SeriesCount];
        _builder.Add(new Batch(Description("orders"), Noon, values));
        var stored = _builder.Take("n-1")!.Samples.Select(s => (s.Series.Metric, s.Series.Labels, s.Series.RetentionDays));

        var expected = MetricCatalog.Metrics.SelectMany(m => m.Series.Select(s => (m.Name, SeriesLabels.Text(s.Labels), Retention.Default.Days(m.Retention))));
        Assert.Equal(expected.Append(("duckmesh_database_expected", "", 30)).Order(), stored.Order());
    }

    [Fact]
    public void Infinite_values_are_kept()
    {
        _builder.Add(Batch((MetricCatalog.CpuUsageRatio, double.PositiveInfinity), (MetricCatalog.MemoryUsageRatio, double.NegativeInfinity)));

        Assert.Equal([double.NegativeInfinity, 0, double.PositiveInfinity], _builder.Take("n-1")!.Samples.Select(s => s.Value).Order());
    }

    [Fact]
    public void Samples_of_a_series_share_one_key_until_its_database_is_renamed_or_forgotten()
    {
        SeriesKey Next(string name)
        {
            _builder.Add(Batch(name, (MetricCatalog.Up, 1)));
            return _builder.Take("n")!.Samples[0].Series;
        }

        var first = Next("orders");
        Assert.Same(first, Next("orders"));
        var renamed = Next("orders-2");
        Assert.Equal(first with { Database = "orders-2" }, renamed);
        Assert.Same(renamed, Next("orders-2"));
        _builder.Forget(Orders);
        Assert.NotSame(renamed, Next("orders-2"));
    }

    [Fact]
    public void What_was_taken_is_gone_and_nothing_is_no_block()
    {
        Assert.Null(_builder.Take("n-1"));
        _builder.Add(Some.Event("e", 0));
        Assert.Equal(1, _builder.Rows);
        Assert.Equal("e", Assert.Single(_builder.Take("n-1")!.Events).Id);
        Assert.Equal(0, _builder.Rows);
        Assert.Null(_builder.Take("n-2"));
    }

    [Theory]
    [InlineData("1969-12-31T23:59:59Z")]
    [InlineData("2100-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void A_time_that_no_store_can_hold_is_left_out_and_counted(string time)
    {
        var at = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        _builder.Add(new Batch(Description("orders"), at, Batch((MetricCatalog.Up, 1)).Values.ToArray()));
        _builder.Add(Some.Event("e", 0) with { At = at });

        Assert.Null(_builder.Take("n-1"));
        Assert.Equal(3, _builder.Refused);
        _builder.Add(Some.Event("e", 0));
        _builder.Take("n-1")!.Check();
    }

    private static DatabaseDescription Description(string name) => new(Orders, name, DatabaseState.Up, false, null);

    private static Batch Batch(params (Series Series, double Value)[] known) => Batch("orders", known);

    private static Batch Batch(string name, params (Series Series, double Value)[] known)
    {
        var values = Model.Metrics.Batch.NoValues();
        foreach (var (series, value) in known) values[series.Index] = value;
        return new Batch(Description(name), Noon, values);
    }
}
