using System.Globalization;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Node.Terminal;

/// <summary>Figures for people. What is not known is a dash, never a zero.</summary>
internal static class Figures
{
    public const string Unknown = "–";

    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Three digits and a unit of 1000.</summary>
    public static string Bytes(DatabaseView view, Series series)
    {
        if (Value(view, series) is not { } bytes) return Unknown;
        var unit = 0;
        while (bytes >= 999.5 && unit < Units.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }

        var format = unit == 0 || bytes >= 99.95 ? "0" : bytes >= 9.995 ? "0.0" : "0.00";
        return $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    public static string Percent(DatabaseView view, Series series) =>
        Value(view, series) is { } ratio ? $"{(100 * ratio).ToString("0", CultureInfo.InvariantCulture)} %" : Unknown;

    public static double? Value(DatabaseView view, Series series) => view.Latest?[series] is { } value && double.IsFinite(value) ? value : null;

    public static string Count(int number, string one, string? many = null) => number == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{number} {many ?? one + "s"}");
}
