using System.Globalization;

namespace DuckMesh.Benchmarks.Density;

/// <summary>What a node cost over a window.</summary>
/// <param name="Watched">Databases that it watched, those of other programs of the machine among them.</param>
/// <param name="Cores">Share of one core.</param>
/// <param name="Missed">Looks that did not come back by their deadline.</param>
internal sealed record Cost(
    double Watched, double Cores, double ResidentBytes, double AllocatedBytesPerSecond, double LooksPerSecond, double Missed, double SecondsPerPass, TimeSpan FoundAfter)
{
    public static Cost Between(Sample before, Sample after, TimeSpan foundAfter)
    {
        var seconds = (after.At - before.At).TotalSeconds;
        return new Cost(
            after.Watched,
            (after.CpuSeconds - before.CpuSeconds) / seconds,
            after.ResidentBytes,
            (after.AllocatedBytes - before.AllocatedBytes) / seconds,
            (after.Looks - before.Looks) / seconds,
            after.Missed - before.Missed,
            (after.PassSeconds - before.PassSeconds) / (after.Passes - before.Passes),
            foundAfter);
    }

    /// <summary>What it cost more than one that watched fewer, shared among what it watched more.</summary>
    public PerDatabase Over(Cost fewer)
    {
        var looks = LooksPerSecond - fewer.LooksPerSecond;
        return new PerDatabase(
            (Cores - fewer.Cores) / looks, (ResidentBytes - fewer.ResidentBytes) / (Watched - fewer.Watched), (AllocatedBytesPerSecond - fewer.AllocatedBytesPerSecond) / looks);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Watched} watched, found after {FoundAfter.TotalSeconds:0.0} s, {100 * Cores:0.0} % of one core, {ResidentBytes / 1e6:0} MB, {AllocatedBytesPerSecond / 1e3:0} KB/s allocated, {LooksPerSecond:0.0} looks/s, {Missed} missed, {1e3 * SecondsPerPass:0.0} ms a discovery pass");
}
