using CsCheck;

namespace DuckMesh.Cluster.Tests.Membership;

/// <summary>Whatever happens to nodes and database, there are never two clusters that go on side by side.</summary>
public sealed class FormationWorldTests
{
    private const int RunsPerProperty = 2_000;

    private static readonly Gen<Deed> NodesComeAndGo = Gen.OneOf(
        Gen.Int[1, 45].Select(seconds => new Deed($"{seconds} s", w => Ticks(w, seconds))),
        Gen.Int[0, FormationWorld.Nodes - 1].Select(n => new Deed($"start {n}", w => w.Start(n))),
        Gen.Int[0, FormationWorld.Nodes - 1].Select(n => new Deed($"kill {n}", w => w.Kill(n))),
        Gen.Int[0, FormationWorld.Nodes - 1].Select(n => new Deed($"leave {n}", w => w.Leave(n))));

    private static readonly Gen<Deed> AnythingHappens = Gen.Frequency(
        (3, NodesComeAndGo),
        (1, Gen.Bool.Select(up => new Deed(up ? "database up" : "database down", w => w.Database(up)))),
        (1, Gen.Select(Gen.Int[0, FormationWorld.Nodes - 1], Gen.Bool, (n, cut) => new Deed(cut ? $"cut {n} off" : $"mend {n}", w => w.Cut(n, cut)))));

    [Fact]
    public void While_the_database_can_be_reached_there_are_never_two_clusters() => NodesComeAndGo.Array[1, 40].Sample(deeds =>
    {
        var world = new FormationWorld();
        foreach (var deed in deeds) deed.Do(world);
        return world.Foundings.Count() <= 1;
    }, iter: RunsPerProperty, print: Print);

    [Fact]
    public void No_cluster_is_founded_while_a_member_was_heard_of_within_thirty_seconds() => AnythingHappens.Array[1, 60].Sample(deeds =>
    {
        var world = new FormationWorld();
        foreach (var deed in deeds) deed.Do(world);
    }, iter: RunsPerProperty, print: Print);

    [Fact]
    public void Once_all_reach_the_database_again_one_cluster_is_left_after_a_beat_and_all_are_in_it_after_a_minute_and_a_half() => AnythingHappens.Array[1, 60].Sample(deeds =>
    {
        var world = new FormationWorld();
        foreach (var deed in deeds) deed.Do(world);
        world.Heal();
        Ticks(world, 7);
        if (world.Foundings.Count() > 1) return false;
        for (var node = 0; node < FormationWorld.Nodes; node++) world.Start(node);
        Ticks(world, 90);
        return world.Foundings.Count() == 1 && world.Members == FormationWorld.Nodes;
    }, iter: RunsPerProperty, print: Print);

    private static void Ticks(FormationWorld world, int seconds)
    {
        for (var second = 0; second < seconds; second++) world.Tick();
    }

    private static string Print(Deed[] deeds) => string.Join(", ", deeds.Select(d => d.Name));

    private sealed record Deed(string Name, Action<FormationWorld> Do);
}
