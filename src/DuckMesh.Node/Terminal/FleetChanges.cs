using System.Collections.Immutable;
using DuckMesh.Cluster.Exporter;

namespace DuckMesh.Node.Terminal;

/// <summary>
/// What is not the same in two snapshots, in order of id. Snapshots are ordered and share the views that did not change, so one walk through both is enough: at 10,000
/// databases a look-up table each second would be a fifth of all that the node does.
/// </summary>
internal static class FleetChanges
{
    /// <returns>Before null: it came; now null: it was forgotten.</returns>
    public static IEnumerable<(DatabaseView? Before, DatabaseView? Now)> Between(ImmutableArray<DatabaseView> before, ImmutableArray<DatabaseView> now)
    {
        var (i, j) = (0, 0);
        while (i < before.Length || j < now.Length)
        {
            if (i < before.Length && j < now.Length && ReferenceEquals(before[i], now[j]))
            {
                i++;
                j++;
                continue;
            }

            var order = i == before.Length ? 1 : j == now.Length ? -1 : before[i].Database.Id.CompareTo(now[j].Database.Id);
            yield return (order <= 0 ? before[i] : null, order >= 0 ? now[j] : null);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
    }
}
