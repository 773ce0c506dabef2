using DuckMesh.History.Blocks;
using DuckMesh.History.ClickHouse;
using DuckMesh.History.Reading;
using DuckMesh.History.Tests.Conformance;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.History.Tests.ClickHouse;

/// <summary>What goes wrong at a ClickHouse that is there: each gives the right fault, and the same block sent again is stored once.</summary>
[Collection(SharedEngine.Name)]
public sealed class ClickHouseFaultTests : HistoryStoreConformance<ClickHousePlace>
{
    private static readonly HistoryBlock Block = new("n-1", [.. Enumerable.Range(0, 500).Select(i => Some.Sample(i - 250, i, Some.Key(database: $"d{i % 7}", days: i % 3 == 0 ? 90 : 30)))], [Some.Event("e1", 0)]);

    private static ClickHouseEngine Engine => SharedEngine.Engine;

    public static TheoryData<string, HistoryFault> Answers { get; } = new()
    {
        { "status=500", HistoryFault.Unavailable },
        { "status=503", HistoryFault.Unavailable },
        { "status=429", HistoryFault.Unavailable },
        { "status=503&code=202", HistoryFault.Unavailable },
        { "status=500&code=241", HistoryFault.Unavailable },
        { "status=500&code=252", HistoryFault.Unavailable },
        { "status=500&code=243", HistoryFault.Unavailable },
        { "status=500&code=999", HistoryFault.Unavailable },
        { "status=500&code=1002", HistoryFault.Unavailable },
        // Pages of a proxy; the driver takes their first number for a code of ClickHouse's.
        { "status=502&body=<html>502 Bad Gateway 60 81 33</html>", HistoryFault.Unavailable },
        { "status=404&body=nginx 60 not found", HistoryFault.Unavailable },
        { "status=400&body=516 Code: 516. Authentication failed", HistoryFault.Unavailable },
        { "status=200&body=<html>Please log in</html>", HistoryFault.Unavailable },
        { "status=200", HistoryFault.Unavailable },
        { "status=403&code=516", HistoryFault.Refused },
        { "status=403&code=497", HistoryFault.Refused },
        { "status=500&code=452", HistoryFault.Refused },
        { "status=404&code=115", HistoryFault.Refused },
        { "status=404&code=60", HistoryFault.Schema },
        { "status=404&code=81", HistoryFault.Schema },
        { "status=404&code=16", HistoryFault.Schema },
        { "status=400&code=33", HistoryFault.Poison },
        { "status=400&code=27", HistoryFault.Poison },
        { "status=400&code=53", HistoryFault.Poison },
        { "status=400&code=6", HistoryFault.Poison },
    };

    [Theory, MemberData(nameof(Answers))]
    public async Task An_answer_has_its_fault_and_the_block_is_stored_once_when_it_is_sent_again(string answer, HistoryFault fault)
    {
        foreach (var table in new[] { "samples", "events" })
        {
            await Engine.FailAsync($"{answer}&match=INSERT INTO {table} &times=1");
            await FailsAsync(fault, () => Store.StoreAsync(Block, CancellationToken.None));
            Assert.Equal(1, await Engine.HitsAsync());
        }

        await StoredOnceAsync();
    }

    [Theory]
    [InlineData("drop=before")]
    [InlineData("drop=after")]
    public async Task A_connection_that_breaks_before_or_after_the_insert_leaves_a_block_that_is_stored_once_when_it_is_sent_again(string fault)
    {
        foreach (var table in new[] { "samples", "events" })
        {
            await Engine.FailAsync($"{fault}&match=INSERT INTO {table} &times=1");
            await FailsAsync(HistoryFault.Unavailable, () => Store.StoreAsync(Block, CancellationToken.None));
        }

        await StoredOnceAsync();
    }

    [Fact]
    public async Task A_block_whose_every_other_try_breaks_off_is_stored_once()
    {
        for (var i = 1; i <= 20; i++)
        {
            await Engine.FailAsync($"drop={(i % 2 == 0 ? "after" : "before")}&match=INSERT&times={1 + (i % 3 / 2)}");
            var block = Some.Block($"m-{i}", Some.Sample(i, i));
            var tries = 0;
            while (true)
            {
                try
                {
                    await Store.StoreAsync(block, CancellationToken.None);
                    break;
                }
                catch (HistoryException error) when (error.Fault == HistoryFault.Unavailable && ++tries < 5)
                {
                }
            }

            Assert.InRange(tries, 1, 2);
        }

        Assert.Equal(StoredRows.Of(20), await Place.CountAsync());
    }

    [Fact]
    public async Task An_answer_that_is_cut_off_is_no_answer()
    {
        await Engine.FailAsync("drop=half&match=SELECT&times=2");
        await FailsAsync(HistoryFault.Unavailable, () => ReadAsync(Range()));
        await FailsAsync(HistoryFault.Unavailable, () => Store.ReadEventsAsync(new EventRange("h1", Some.MidnightAt, Some.MidnightAt.AddDays(1), 10), CancellationToken.None));

        Assert.Empty(await ReadAsync(Range()));
    }

    [Fact]
    public async Task A_page_that_is_sent_for_an_answer_is_no_empty_range()
    {
        await Engine.FailAsync("status=200&body=<html></html>&match=SELECT");
        await FailsAsync(HistoryFault.Unavailable, () => ReadAsync(Range()));
    }

    [Fact]
    public async Task A_server_that_is_too_slow_is_unavailable_after_the_deadline_and_the_block_is_stored_once()
    {
        var clock = new FakeTimeProvider();
        await using var store = Open(clock);
        await Engine.FailAsync("delay=600000&match=INSERT");

        var storing = store.StoreAsync(Block, CancellationToken.None);
        await Engine.HitAsync();
        clock.Advance(ClickHouseServer.WriteDeadline);
        var error = await FailsAsync(HistoryFault.Unavailable, () => storing);

        Assert.Contains("did not answer within 60 s", error.Message, StringComparison.Ordinal);
        await Engine.HealAsync();
        await StoredOnceAsync();
    }

    [Fact]
    public async Task A_read_that_takes_too_long_is_given_up()
    {
        var clock = new FakeTimeProvider();
        await using var store = Open(clock);
        await Engine.FailAsync("delay=600000&match=SELECT");

        var reading = store.ReadAsync(Range(), CancellationToken.None);
        await Engine.HitAsync();
        clock.Advance(ClickHouseServer.ReadDeadline);

        await FailsAsync(HistoryFault.Unavailable, () => reading);
    }

    [Fact]
    public async Task Readers_that_wait_do_not_hold_up_the_writer()
    {
        using var stop = new CancellationTokenSource();
        await StoreAsync("n-0", Some.Sample(0, 1));
        await Engine.FailAsync("delay=600000&match=SELECT host");
        var readers = Enumerable.Range(0, 30).Select(_ => Store.ReadAsync(Range(), stop.Token)).ToArray();
        await Engine.HitAsync();

        await StoreAsync("n-1", Some.Sample(15, 1));

        Assert.All(readers, reader => Assert.False(reader.IsCompleted));
        Assert.InRange(await Engine.HitsAsync(), 1, 4);
        await stop.CancelAsync();
        foreach (var reader in readers) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader);
    }

    [Fact]
    public async Task Who_cancels_a_slow_insert_gets_no_fault_and_the_block_is_stored_once()
    {
        using var stop = new CancellationTokenSource();
        await Engine.FailAsync("delay=600000&match=INSERT");

        var storing = Store.StoreAsync(Block, stop.Token);
        await Engine.HitAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => storing);

        await Engine.HealAsync();
        await StoredOnceAsync();
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_said_without_it()
    {
        var right = Engine.AddressOf("x");
        await using var store = ClickHousePlace.Open(right.Replace("%40", "secret", StringComparison.Ordinal));

        var error = await FailsAsync(HistoryFault.Refused, () => store.MigrateAsync(CancellationToken.None));

        Assert.Contains("check user and password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_TLS_is_refused_when_TLS_is_configured()
    {
        await using var store = ClickHousePlace.Open(Engine.AddressOf("x").Replace("http://", "https://", StringComparison.Ordinal));

        await FailsAsync(HistoryFault.Refused, () => store.MigrateAsync(CancellationToken.None));
    }

    private ClickHouseStore Open(TimeProvider time) =>
        ClickHouseAddress.TryParse(Place.Address, out var address, out var mistake) ? new ClickHouseStore(address, Retention.Default, time) : throw new InvalidOperationException(mistake);

    /// <summary>One line, with the address, without the password.</summary>
    private static async Task<HistoryException> FailsAsync(HistoryFault fault, Func<Task> act)
    {
        var error = await Assert.ThrowsAsync<HistoryException>(act);

        Assert.Equal((fault, error.Message), (error.Fault, error.Message));
        Assert.Contains(Engine.Uri.Authority, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.InRange(error.Message.Length, 30, 600);
        Assert.DoesNotContain(Engine.Password, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(Engine.Password), error.ToString(), StringComparison.Ordinal);
        return error;
    }

    private async Task StoredOnceAsync()
    {
        await Store.StoreAsync(Block, CancellationToken.None);
        await Store.StoreAsync(Block, CancellationToken.None);
        Assert.Equal(StoredRows.Of(Block.Samples.Count, events: 1), await Place.CountAsync());
    }
}
