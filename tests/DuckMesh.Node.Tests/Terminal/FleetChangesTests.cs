using System.Collections.Immutable;
using CsCheck;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Node.Terminal;

namespace DuckMesh.Node.Tests.Terminal;

public sealed class FleetChangesTests
{
    /// <summary>Twenty databases: each is missing, or there in one of two views.</summary>
    private static readonly ImmutableArray<DatabaseView[]> Views = [.. Enumerable.Range(0, 20).Select(i => new[] { Some.View($"db{i}"), Some.View($"db{i}") })];

    private static readonly Gen<ImmutableArray<DatabaseView>> Snapshot = Gen.Int[-1, 1].Array[Views.Length].Select(
        choice => Some.Fleet([.. Views.Where((_, i) => choice[i] >= 0).Zip(choice.Where(c => c >= 0), (views, c) => views[c])]).Databases);

    [Fact]
    public void What_came_changed_and_went_is_told_once_in_order_and_what_stayed_is_not() => Gen.Select(Snapshot, Snapshot).Sample((before, now) =>
    {
        var expected = before.Concat(now).Select(v => v.Database.Id).Distinct().Order()
            .Select(id => (Before: before.FirstOrDefault(v => v.Database.Id == id), Now: now.FirstOrDefault(v => v.Database.Id == id)))
            .Where(pair => !ReferenceEquals(pair.Before, pair.Now));
        return FleetChanges.Between(before, now).SequenceEqual(expected);
    });
}
