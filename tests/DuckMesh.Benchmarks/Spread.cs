using System.Globalization;

namespace DuckMesh.Benchmarks;

/// <summary>Several measurements of one thing, as <c>median [min..max]</c>.</summary>
internal static class Spread
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public static string Of(IEnumerable<double> values, string format, string unit)
    {
        var all = values.ToArray();
        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return $"{Text(Median(all))}{unit} [{Text(all.Min())}..{Text(all.Max())}]";
    }
}
