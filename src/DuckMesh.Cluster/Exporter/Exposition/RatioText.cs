using System.Buffers;
using System.Buffers.Text;

namespace DuckMesh.Cluster.Exporter.Exposition;

/// <summary>
/// The shortest decimal text that reads back as the same double, for numbers from 0.001 to 1: the ratios, which are most of what is no whole number. Exact integer
/// arithmetic of 128 bits suffices there and takes a quarter of the time of <see cref="double.ToString()"/>, which would be half of a scrape.
/// </summary>
internal static class RatioText
{
    public const double From = 0.001;

    /// <summary>To this many decimals any shorter text shows itself as trailing zeros: half an ulp of a number below 1 is less than 0.06 units of the last place.</summary>
    private const int FewestDecimals = 15;

    /// <summary>17 significant digits always read back; below 0.01 two zeros come before them.</summary>
    private const int MostDecimals = 19;

    private const ulong HiddenBit = 1UL << 52;

    /// <summary>Writes a number from <see cref="From"/> to below 1 and returns the length, at most 21.</summary>
    public static int Write(double value, Span<byte> to)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var mantissa = (bits & (HiddenBit - 1)) | HiddenBit;
        var shift = 1075 - (int)(bits >> 52);                // value = mantissa / 2^shift
        var power = 1_000_000_000_000_000UL;                 // 10^decimals
        for (var decimals = FewestDecimals; decimals <= MostDecimals; decimals++, power *= 10)
        {
            var scaled = Math.BigMul(mantissa, power);
            var digits = (ulong)((scaled + (UInt128.One << (shift - 1))) >> shift);
            var rounded = (UInt128)digits << shift;
            var off = rounded > scaled ? rounded - scaled : scaled - rounded;
            // Half the distance to the next double, in units of 1 / (2^shift * 10^decimals); below a power of two the doubles are twice as dense.
            if (off < (mantissa == HiddenBit ? power / 4 : power / 2)) return Write(digits, decimals, to);
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, "Not from 0.001 to 1.");
    }

    private static int Write(ulong digits, int decimals, Span<byte> to)
    {
        to[0] = (byte)'0';
        to[1] = (byte)'.';
        Utf8Formatter.TryFormat(digits, to[2..], out var length, new StandardFormat('D', (byte)decimals));
        return to[..(2 + length)].TrimEnd((byte)'0').Length;
    }
}
