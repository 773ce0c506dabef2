namespace DuckMesh.History.Spool;

/// <summary>How a sample's value is written: most are as before, or counts and sizes that moved a little.</summary>
internal static class SampleValue
{
    /// <summary>The form takes so many low bits of the number before it.</summary>
    public const int FormBits = 2;

    /// <summary>Up to here every whole number is a double of its own.</summary>
    private const double MostWhole = 1L << 53;

    public enum Form
    {
        /// <summary>As the series' last in this block; 0 is before the first.</summary>
        Same,

        /// <summary>A whole number, as the step from the last one (from 0 where that was none).</summary>
        Whole,

        /// <summary>The eight bytes themselves.</summary>
        Bits,
    }

    public static Form FormOf(double value, double last) =>
        BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(last) ? Form.Same : IsWhole(value) ? Form.Whole : Form.Bits;

    public static long WholeOf(double value) => IsWhole(value) ? (long)value : 0;

    /// <summary>Small numbers of either sign become small ones without.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>Not -0, which as a whole number would lose its sign.</summary>
    private static bool IsWhole(double value) => value is >= -MostWhole and <= MostWhole && Math.Floor(value) == value && !(value == 0 && double.IsNegative(value));
}
