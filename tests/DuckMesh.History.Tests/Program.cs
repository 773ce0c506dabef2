using System.Globalization;
using DuckMesh.History.Tests.ClickHouse;
using DuckMesh.History.Tests.Conformance;
using DuckMesh.History.Tests.Embedded;
using DuckMesh.History.Tests.Spool;

namespace DuckMesh.History.Tests;

/// <summary>
/// What this assembly is as a process: a writer that a test starts and kills. `STORE ADDRESS FIRST`: stores the blocks from FIRST on, and says of each that it is stored;
/// `spool FOLDER`: see <see cref="SpoolProcess"/>.
/// </summary>
internal static class Program
{
    /// <summary>A store by the name and address that <see cref="IStorePlace.Kind"/> and <see cref="IStorePlace.Address"/> give.</summary>
    private static readonly Dictionary<string, Func<string, IHistoryStore>> Stores = new(StringComparer.Ordinal)
    {
        ["clickhouse"] = ClickHousePlace.Open,
        ["embedded"] = EmbeddedPlace.Open,
    };

    public static async Task<int> Main(string[] args)
    {
        if (args is ["spool", var folder]) SpoolProcess.Run(folder);
        if (args is not [var kind, var address, var first] || !Stores.TryGetValue(kind, out var open)) return 2;
        await using var store = open(address);
        for (var number = int.Parse(first, CultureInfo.InvariantCulture); number < WriterProcess.MostBlocks; number++)
        {
            await store.StoreAsync(WriterProcess.Block(number), CancellationToken.None);
            Console.WriteLine(number);
        }

        return 0;
    }
}
