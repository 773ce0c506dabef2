using System.Globalization;
using DuckMesh.Alerting;
using DuckMesh.Cluster;

namespace DuckMesh.Node.Demo;

/// <summary>What a demo changes in a node's settings, so that something fires within a minute on any machine.</summary>
internal static class DemoSettings
{
    /// <summary>Short enough to watch a sample crash and be told soon.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Well under the time that <see cref="Sample.Flaky"/> lives, so that its crash counts.</summary>
    public static readonly TimeSpan ExpectAfter = TimeSpan.FromSeconds(5);

    private const string HighCpu = "HighCpu";
    private const string HighMemory = "HighMemory";

    private static readonly TimeSpan HighCpuFor = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HighMemoryFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OwnerCrashedFor = TimeSpan.FromSeconds(10);

    /// <summary>Of one core. The gentle samples use a few hundredths each, <see cref="Sample.Reports"/> six tenths.</summary>
    private const double HighCpuCores = 0.25;

    /// <summary>Share of the hoard of <see cref="Sample.Reports"/>; the other samples take up less.</summary>
    private const double HighMemoryOfHoard = 0.6;

    private const long LargestHoard = 320L << 20;

    /// <summary>How much memory <see cref="Sample.Reports"/> hoards: never more than a quarter of what there is.</summary>
    public static long HoardBytes => Math.Min(LargestHoard, AvailableBytes / 4);

    /// <summary>RAM, or about what the cgroup allows (the runtime gives three quarters of a limit).</summary>
    private static long AvailableBytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>One line for people: in a demo the rules are not what they are otherwise.</summary>
    public static string Said(RuleSet rules) => string.Create(
        CultureInfo.InvariantCulture,
        $"Demo: quick rules for all databases: {HighCpu} over {100 * rules.Find(HighCpu)!.Threshold:0.#} %, {HighMemory} over {100 * rules.Find(HighMemory)!.Threshold:0.#} %.");

    public static MonitorSettings Apply(MonitorSettings settings) => settings with
    {
        Interval = Interval,
        ExpectAfter = ExpectAfter,
        Rules = settings.Rules
            .With(HighCpu, threshold: HighCpuCores / Environment.ProcessorCount, @for: HighCpuFor)
            .With(HighMemory, threshold: HighMemoryOfHoard * HoardBytes / AvailableBytes, @for: HighMemoryFor)
            .With("OwnerCrashed", @for: OwnerCrashedFor),
    };
}
