using System.Globalization;

namespace DuckMesh.Observation.Processes;

/// <summary>A set of CPUs as the kernel lists it, such as <c>0-3,8</c>.</summary>
internal static class CpuList
{
    /// <summary>How many CPUs are in both lists; null when one of them is none. A process may be allowed CPUs that the host could have but has not.</summary>
    public static int? CountCommon(string first, string second)
    {
        if (Parse(first) is not { } a || Parse(second) is not { } b) return null;
        long count = 0;
        foreach (var x in a)
        {
            foreach (var y in b) count += Math.Max(0L, Math.Min(x.Last, y.Last) - (long)Math.Max(x.First, y.First) + 1);
        }

        return count is > 0 and <= MaxCpus ? (int)count : null;
    }

    public static int? Count(string list) => CountCommon(list, list);

    /// <summary>Far above what Linux can be built for (8,192).</summary>
    private const int MaxCpus = 1 << 16;

    private static List<(int First, int Last)>? Parse(string list)
    {
        var ranges = new List<(int, int)>();
        var from = -1;
        foreach (var part in list.Trim().Split(',', MaxCpus))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!TryNumber(dash < 0 ? part : part.AsSpan(0, dash), out var first)) return null;
            var last = first;
            if (dash >= 0 && !TryNumber(part.AsSpan(dash + 1), out last)) return null;
            if (first <= from || last < first) return null;     // the kernel writes them in order
            ranges.Add((first, last));
            from = last;
        }

        return ranges;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < MaxCpus;
}
