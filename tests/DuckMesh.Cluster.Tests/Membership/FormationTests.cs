using System.Collections.Immutable;
using DuckMesh.Cluster.Membership;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Cluster.Tests.Membership;

public sealed class FormationTests
{
    private static readonly NodeId Self = new("00000000000000aa");
    private static readonly NodeId Other = new("00000000000000bb");

    private readonly FakeTimeProvider _time = new(Some.Noon);
    private readonly Formation _formation;
    private DateTime _seenAt = Some.Noon.UtcDateTime;

    public FormationTests() => _formation = new Formation("h1", Self, "akka", _time);

    [Fact]
    public void On_an_empty_table_the_cluster_is_founded_at_once() => Assert.Equal(new FormationStep.Found(1), _formation.Decide(Table(0)));

    [Fact]
    public void Members_that_are_heard_of_are_joined()
    {
        var step = Assert.IsType<FormationStep.Join>(_formation.Decide(Table(3, Row("h2", MemberState.Up, 3), Row("h3", MemberState.Joining, 3), Row("h4", MemberState.Up, 3, fresh: false))));

        Assert.Equal((3, "akka://h2"), (step.Founding, Assert.Single(step.Addresses)));
    }

    [Theory]
    [InlineData(MemberState.Starting)]
    [InlineData(MemberState.Down)]
    public void Nodes_that_are_no_members_by_the_table_are_not_waited_for(MemberState state) =>
        Assert.Equal(new FormationStep.Found(4), _formation.Decide(Table(3, Row("h2", state, 3))));

    [Fact]
    public void Members_of_an_earlier_founding_are_not_waited_for() => Assert.Equal(new FormationStep.Found(4), _formation.Decide(Table(3, Row("h2", MemberState.Up, 2))));

    [Fact]
    public void Its_own_row_of_an_earlier_run_holds_up_nothing() => Assert.Equal(new FormationStep.Found(4), _formation.Decide(Table(3, Row("h1", MemberState.Up, 3, node: Self))));

    /// <summary>Hazard: after an outage of the database all rows look old though the cluster lives.</summary>
    [Fact]
    public void Members_that_are_not_heard_of_are_given_thirty_seconds_of_watching()
    {
        var table = Table(3, Row("h2", MemberState.Up, 3, fresh: false), Row("h3", MemberState.Joining, 3, fresh: false));
        for (var watched = TimeSpan.Zero; watched < Formation.WatchFor; watched += TimeSpan.FromSeconds(2))
        {
            var wait = Assert.IsType<FormationStep.Wait>(_formation.Decide(table));
            Assert.Contains("h2, h3", wait.Why, StringComparison.Ordinal);
            Assert.True(wait.Announced);
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(new FormationStep.Found(4), _formation.Decide(table));
    }

    [Fact]
    public void A_member_that_is_heard_of_while_it_is_watched_is_joined_and_the_watch_begins_anew()
    {
        var quiet = Table(3, Row("h2", MemberState.Up, 3, fresh: false));
        Watch(quiet, seconds: 28);

        Assert.IsType<FormationStep.Join>(_formation.Decide(Table(3, Row("h2", MemberState.Up, 3))));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.IsType<FormationStep.Wait>(_formation.Decide(quiet));
    }

    [Fact]
    public void Time_in_which_the_database_did_not_answer_is_no_watching()
    {
        var quiet = Table(3, Row("h2", MemberState.Up, 3, fresh: false));
        Watch(quiet, seconds: 28);
        _formation.LookFailed();
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.IsType<FormationStep.Wait>(_formation.Decide(quiet));
    }

    [Fact]
    public void A_node_that_was_itself_asleep_has_not_watched()
    {
        var quiet = Table(3, Row("h2", MemberState.Up, 3, fresh: false));
        Assert.IsType<FormationStep.Wait>(_formation.Decide(quiet));
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.IsType<FormationStep.Wait>(_formation.Decide(quiet));
    }

    [Fact]
    public void A_second_node_of_one_host_is_refused_when_the_first_gives_a_sign_of_life()
    {
        var first = Row("h1", MemberState.Up, 3);
        var wait = Assert.IsType<FormationStep.Wait>(_formation.Decide(Table(3, first)));
        Assert.False(wait.Announced);
        Assert.IsType<FormationStep.Wait>(_formation.Decide(Table(3, first)));

        var refuse = Assert.IsType<FormationStep.Refuse>(_formation.Decide(Table(3, Row("h1", MemberState.Up, 3))));

        Assert.Contains("h1", refuse.Why, StringComparison.Ordinal);
        Assert.Contains("DUCKMESH_HOST", refuse.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_lost_its_data_folder_takes_its_place_again_when_the_old_row_is_old()
    {
        var before = Row("h1", MemberState.Up, 3);
        Assert.IsType<FormationStep.Wait>(_formation.Decide(Table(3, before, Row("h2", MemberState.Up, 3))));

        Assert.IsType<FormationStep.Join>(_formation.Decide(Table(3, before with { Fresh = false }, Row("h2", MemberState.Up, 3))));
    }

    [Fact]
    public void The_old_row_of_its_host_may_be_that_of_a_member_and_is_watched_as_any_other()
    {
        var table = Table(3, Row("h1", MemberState.Up, 3, fresh: false));

        var wait = Assert.IsType<FormationStep.Wait>(_formation.Decide(table));

        // To announce itself would overwrite the row, and the next look would know of nobody.
        Assert.False(wait.Announced);
        Watch(table, seconds: 28);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<FormationStep.Found>(_formation.Decide(table));
    }

    [Fact]
    public void Members_that_speak_another_protocol_are_not_joined_but_named()
    {
        var refuse = Assert.IsType<FormationStep.Refuse>(_formation.Decide(Table(3, Row("h2", MemberState.Up, 3) with { Address = "akka.ssl.tcp://h2" })));

        Assert.Contains("akka.ssl.tcp://h2", refuse.Why, StringComparison.Ordinal);
        Assert.Contains("tls", refuse.Why, StringComparison.Ordinal);
    }

    private void Watch(Look look, int seconds)
    {
        for (var second = 0; second <= seconds; second += 2)
        {
            Assert.IsType<FormationStep.Wait>(_formation.Decide(look));
            if (second < seconds) _time.Advance(TimeSpan.FromSeconds(2));
        }
    }

    private static Look Table(long founding, params MemberRow[] rows) => new(founding, [.. rows]);

    private MemberRow Row(string host, MemberState state, long founding, bool fresh = true, NodeId? node = null) =>
        new(host, node ?? Other, $"akka://{host}", state, founding, fresh, _seenAt = _seenAt.AddSeconds(1));
}
