using DuckMesh.History.Blocks;
using DuckMesh.History.Delivery;
using DuckMesh.History.Reading;
using DuckMesh.History.Tests.Conformance;
using DuckMesh.History.Tests.Delivery;

namespace DuckMesh.History.Tests.ClickHouse;

/// <summary>Tables that are gone or strange, and blocks at the border of what they take.</summary>
[Collection(SharedEngine.Name)]
public sealed class ClickHouseTableTests : HistoryStoreConformance<ClickHousePlace>
{
    private readonly List<DeliveryFailure> _failures = [];

    [Theory]
    [InlineData("samples", 2, 4)]
    [InlineData("samples_1h", 4, 2)]
    [InlineData("samples_1h_mv samples_1h", 4, 2)]
    [InlineData("samples samples_1h samples_1h_mv events", 2, 2)]
    public async Task A_table_that_is_gone_is_made_again_and_what_follows_is_stored_once(string tables, int samples, int rolled)
    {
        await StoreAsync("n-1", Some.Sample(0, 1), Some.Sample(86_400, 2));
        foreach (var table in tables.Split(' ')) await Place.SqlAsync($"DROP TABLE {table} SYNC");
        if (tables.StartsWith("samples_1h_mv", StringComparison.Ordinal)) await ReopenAsync();   // nothing fails without a view, so only a restart brings it back

        var second = new HistoryBlock("n-2", [Some.Sample(15, 1), Some.Sample(86_415, 2)], [Some.Event("e", 0)]);
        await DeliverAsync(second);

        Assert.All(_failures, failure => Assert.Equal((HistoryFault.Schema, TimeSpan.Zero), (failure.Fault, failure.Wait)));
        await Store.StoreAsync(second, CancellationToken.None);
        Assert.Equal(new StoredRows(samples, rolled, 1), await Place.CountAsync());
    }

    [Fact]
    public async Task A_database_that_is_gone_is_made_again()
    {
        await StoreAsync("n-1", Some.Sample(0, 1));
        await Place.DropAsync();

        await DeliverAsync(Some.Block("n-2", Some.Sample(15, 1)));

        Assert.Equal(StoredRows.Of(1), await Place.CountAsync());
    }

    [Fact]
    public async Task A_table_of_another_shape_loses_no_block()
    {
        await Place.SqlAsync("ALTER TABLE samples MODIFY COLUMN value String");

        var error = await Assert.ThrowsAsync<HistoryException>(() => StoreAsync("n-1", Some.Sample(0, 1)));

        Assert.Equal(HistoryFault.Schema, error.Fault);
        Assert.Contains("'samples value Float64'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_table_of_the_same_name_loses_no_block()
    {
        await Place.SqlAsync("DROP TABLE samples SYNC");
        await Place.SqlAsync("CREATE TABLE samples (a Int32) ENGINE = MergeTree ORDER BY a");

        var error = await Assert.ThrowsAsync<HistoryException>(() => StoreAsync("n-1", Some.Sample(0, 1)));

        Assert.Equal(HistoryFault.Schema, error.Fault);
    }

    [Fact]
    public async Task The_columns_that_are_inserted_are_those_that_the_migration_makes()
    {
        var made = (await Place.SqlAsync("SELECT concat(table, ' ', name, ' ', type) FROM system.columns WHERE database = currentDatabase() FORMAT TSVRaw")).Split('\n');

        Assert.Empty(History.ClickHouse.Schema.Columns.Except(made));
    }

    [Fact]
    public async Task A_view_that_fails_loses_no_row_and_when_it_is_mended_counts_none_twice()
    {
        await Place.SqlAsync("DROP TABLE samples_1h_mv SYNC");
        await Place.SqlAsync("CREATE MATERIALIZED VIEW samples_1h_mv TO samples_1h AS SELECT metric, database, host, labels, toStartOfHour(ts) AS ts, count() AS n, throwIf(count() > 0) AS total FROM samples GROUP BY metric, database, host, labels, ts");
        var error = await Assert.ThrowsAsync<HistoryException>(() => StoreAsync("n-1", Some.Sample(0, 1), Some.Sample(86_400, 2)));
        Assert.Equal(HistoryFault.Unavailable, error.Fault);

        await Place.SqlAsync("DROP TABLE samples_1h_mv SYNC");
        await Store.MigrateAsync(CancellationToken.None);
        await StoreAsync("n-1", Some.Sample(0, 1), Some.Sample(86_400, 2));
        await StoreAsync("n-1", Some.Sample(0, 1), Some.Sample(86_400, 2));

        Assert.Equal(StoredRows.Of(2), await Place.CountAsync());
    }

    [Fact]
    public async Task A_block_over_three_hundred_days_and_three_retentions_is_stored_once()
    {
        Sample[] samples = [.. from day in Enumerable.Range(0, 300) from days in new[] { 400, 500, 600 } select Some.Sample(-86_400L * day, day, Some.Key(database: $"d{days}", days: days))];
        await StoreAsync("n-1", samples);
        await StoreAsync("n-1", samples);

        Assert.Equal(StoredRows.Of(900), await Place.CountAsync());
    }

    [Fact]
    public async Task An_event_that_is_told_again_in_other_words_stays_as_it_was_told_first()
    {
        await StoreAsync("n-1", Some.Event("e", 0) with { Text = "first" });
        await StoreAsync("n-2", Some.Event("e", 0) with { Text = "second" });
        await ToldFirstAsync();
        await Place.SqlAsync("OPTIMIZE TABLE events FINAL");
        await ToldFirstAsync();

        async Task ToldFirstAsync() => Assert.Equal("first", Assert.Single(await Store.ReadEventsAsync(
            new EventRange(Some.Event("e", 0).Subject, Some.MidnightAt, Some.MidnightAt.AddDays(1), 10), CancellationToken.None)).Text);
    }

    [Fact]
    public async Task A_thousand_databases_can_be_asked_for_by_name_and_too_many_are_refused()
    {
        SeriesOwner[] owners = [.. Enumerable.Range(0, 10_000).Select(i => new SeriesOwner($"host-{i % 40}", $"a rather long name of a database, number {i}"))];
        await StoreAsync("n-1", [.. owners.Select((owner, i) => Some.Sample(0, i, Some.Key(database: owner.Database, host: owner.Host)))]);

        Assert.Equal(1_000, (await ReadAsync(Range() with { Databases = [.. owners.Skip(500).Take(1_000)] })).Length);
        var error = await Assert.ThrowsAsync<HistoryException>(() => ReadAsync(Range() with { Databases = [.. owners] }));
        Assert.Equal(HistoryFault.TooMany, error.Fault);
    }

    [Fact]
    public async Task A_migrated_store_is_opened_by_a_user_who_may_not_change_tables()
    {
        await StoreAsync("n-1", Some.Sample(0, 1));
        await SharedEngine.Engine.FailAsync("status=403&code=497&match=CREATE");

        await ReopenAsync();
        await StoreAsync("n-2", Some.Sample(15, 1));

        Assert.Equal(0, await SharedEngine.Engine.HitsAsync());
    }

    [Fact]
    public async Task Who_may_not_make_the_database_is_told_so()
    {
        await using var place = new ClickHousePlace();
        await using var store = place.Open();
        await SharedEngine.Engine.FailAsync("status=403&code=497&match=CREATE DATABASE");

        var error = await Assert.ThrowsAsync<HistoryException>(() => store.MigrateAsync(CancellationToken.None));

        Assert.Equal(HistoryFault.Refused, error.Fault);
        Assert.Contains("docs/history.md", error.Message, StringComparison.Ordinal);
    }

    private Task DeliverAsync(HistoryBlock block) => new RetryPolicy(Store, new ImpatientClock(), _failures.Add).DeliverAsync(block, CancellationToken.None);
}
