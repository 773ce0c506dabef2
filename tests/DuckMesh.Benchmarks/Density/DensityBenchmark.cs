using System.Globalization;

namespace DuckMesh.Benchmarks.Density;

/// <summary>
/// What a node costs per database: N real live files, held by a few processes, watched by one node of its own. Owners are idle: their databases' figures do not
/// change, which is the usual case. What a node without databases costs is measured first in each run and taken off what is said per database.
/// </summary>
internal static class DensityBenchmark
{
    /// <summary>The whole fleet has been looked at some times by then, and the runtime has compiled again what is called often.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        var counts = Option(args, "--databases", "100,1000,10000").Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var interval = Number(args, "--interval", "15");
        var window = TimeSpan.FromSeconds(Number(args, "--seconds", "60"));
        var runs = Number(args, "--runs", "3");
        Console.WriteLine($"{Environment.ProcessorCount} cores, interval {interval} s, each node measured for {window.TotalSeconds} s after {Settle.TotalSeconds} s, {runs} runs");
        var costs = counts.Prepend(0).ToDictionary(n => n, _ => new List<Cost>());
        for (var run = 1; run <= runs; run++)
        {
            foreach (var (count, measured) in costs)
            {
                var cost = await MeasureAsync(count, interval, window, cancellation);
                measured.Add(cost);
                Console.WriteLine($"run {run}: {cost}");
            }
        }

        Console.WriteLine("median [min..max]; per database: without what the node of the same run without databases costs");
        Console.WriteLine("databases | CPU of one core | resident | CPU per look | resident per database | allocated per look | found after | discovery pass");
        foreach (var (count, measured) in costs) Console.WriteLine(Row(count, measured, costs[0]));
        return 0;
    }

    private static async Task<Cost> MeasureAsync(int count, int interval, TimeSpan window, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("duckmesh-density-").FullName;
        try
        {
            await using var fleet = await LiveFleet.StartAsync(folder, count, cancellation);
            await using var node = await MeasuredNode.StartAsync(Path.Combine(folder, "data"), interval, count, cancellation);
            await Task.Delay(Settle, cancellation);
            var before = await node.SampleAsync(cancellation);
            await Task.Delay(window, cancellation);
            return Cost.Between(before, await node.SampleAsync(cancellation), node.FoundAfter);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Row(int count, List<Cost> measured, List<Cost> idle)
    {
        var over = measured.Zip(idle, (cost, without) => cost.Over(without)).ToList();
        string Each(Func<PerDatabase, double> figure, string format, string unit) => count == 0 ? "-" : Spread.Of(over.Select(figure), format, unit);
        return string.Join(" | ",
            count,
            Spread.Of(measured.Select(c => 100 * c.Cores), "0.0", " %"),
            Spread.Of(measured.Select(c => c.ResidentBytes / 1e6), "0", " MB"),
            Each(o => 1e6 * o.CpuSecondsPerLook, "0", " us"),
            Each(o => o.ResidentBytes / 1024, "0.0", " KB"),
            Each(o => o.AllocatedBytesPerLook, "0", " B"),
            Spread.Of(measured.Select(c => c.FoundAfter.TotalSeconds), "0.0", " s"),
            Spread.Of(measured.Select(c => 1e3 * c.SecondsPerPass), "0.0", " ms"));
    }

    private static int Number(string[] args, string name, string @default) => int.Parse(Option(args, name, @default), CultureInfo.InvariantCulture);

    private static string Option(string[] args, string name, string @default)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : @default;
    }
}
