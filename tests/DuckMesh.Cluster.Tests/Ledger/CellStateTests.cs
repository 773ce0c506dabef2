using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Cluster.Tests.Ledger;

public sealed class CellStateTests
{
    private static readonly CellState Known = CellState.Empty.Apply(new CellEvent.Discovered([new FoundDatabase(Some.Orders, "orders", false)], Some.Noon));

    [Fact]
    public void An_episode_is_open_from_its_first_transition_to_its_last()
    {
        var open = Known.Apply(new CellEvent.Transitions([new(1, Some.Transition(1, EpisodeState.Pending)), new(2, Some.Transition(2))], 0));
        var episode = Assert.Single(open.Databases[Some.Orders].Open);
        Assert.Equal(EpisodeState.Firing, episode.State);
        Assert.Equal(Some.Noon, episode.Since);
        var closed = open.Apply(new CellEvent.Transitions([new(3, Some.Transition(3, EpisodeState.Resolved))], 2));
        Assert.Empty(closed.Databases[Some.Orders].Open);
        Assert.Equal(episode.Id, Assert.Single(closed.Databases[Some.Orders].Resolved).Id);
    }

    [Fact]
    public void What_was_stored_and_not_announced_is_kept_until_it_is_known_to_be()
    {
        var state = Known.Apply(new CellEvent.Transitions([new(1, Some.Transition(1)), new(2, Some.Transition(2))], 0));
        Assert.Equal([1, 2], state.Unannounced.Select(t => t.No));
        Assert.Equal([2], state.Apply(new CellEvent.Announced(1)).Unannounced.Select(t => t.No));
    }

    [Fact]
    public void A_transition_that_is_written_twice_counts_once()
    {
        var once = Known.Apply(new CellEvent.Transitions([new(1, Some.Transition(1))], 0));
        var twice = once.Apply(new CellEvent.Transitions([new(1, Some.Transition(1))], 0));
        Assert.Equal(once.LastNo, twice.LastNo);
        Assert.Equal([1], twice.Unannounced.Select(t => t.No));
    }

    [Fact]
    public void A_new_name_keeps_the_episodes()
    {
        var state = Known.Apply(new CellEvent.Transitions([new(1, Some.Transition(1))], 0))
            .Apply(new CellEvent.Discovered([new FoundDatabase(Some.Orders, "eu/orders", true)], Some.Noon.AddHours(1)));
        Assert.Equal("eu/orders", state.Databases[Some.Orders].Name);
        Assert.Single(state.Databases[Some.Orders].Open);
        Assert.Equal(Some.Noon, state.Databases[Some.Orders].DiscoveredAt);
    }

    [Fact]
    public void A_late_word_on_a_forgotten_database_falls_away()
    {
        var state = Known.Apply(new CellEvent.Forgotten([Some.Orders], Some.Noon)).Apply(new CellEvent.Transitions([new(1, Some.Transition(1))], 0));
        Assert.Empty(state.Databases);
        Assert.Equal(1, state.LastNo);
    }

    [Fact]
    public void Only_the_last_resolved_episodes_are_kept_and_never_those_that_were_only_pending()
    {
        var state = Known;
        for (var i = 0; i < 20; i++)
        {
            var since = Some.Noon.AddMinutes(i);
            Transition At(int number, EpisodeState to) => Some.Transition(number, to) with { Episode = Episode.IdOf(Some.Orders, "DiskFull", since), Since = since };
            var first = i % 2 == 0 ? EpisodeState.Firing : EpisodeState.Pending;
            state = state.Apply(new CellEvent.Transitions([new(state.LastNo + 1, At(1, first)), new(state.LastNo + 2, At(2, EpisodeState.Resolved))], state.LastNo));
        }

        Assert.Equal(StoredDatabase.KeptResolved, state.Databases[Some.Orders].Resolved.Length);
        Assert.All(state.Databases[Some.Orders].Resolved, e => Assert.NotNull(e.FiredAt));
        Assert.Equal(Some.Noon.AddMinutes(18), state.Databases[Some.Orders].Resolved[0].Since);
    }

    [Fact]
    public void Owned_time_only_grows()
    {
        var state = Known.Apply(new CellEvent.Owned([new(Some.Orders, 300)])).Apply(new CellEvent.Owned([new(Some.Orders, 200)]));
        Assert.Equal(300, state.Databases[Some.Orders].OwnedSeconds);
    }
}
