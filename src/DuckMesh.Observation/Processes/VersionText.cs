using System.Globalization;

namespace DuckMesh.Observation.Processes;

/// <summary>A version as DuckDB's library holds it: <c>vN.N.N</c>.</summary>
internal readonly record struct VersionText(int Major, int Minor, int Patch) : IComparable<VersionText>
{
    /// <summary>More than the longest text that counts as one, so that chunks which overlap by this much together hold every version whole.</summary>
    public const int Overlap = 32;

    private const int MaxDigits = 5;

    /// <summary>
    /// The greatest version in <paramref name="bytes"/>, null when there is none. A library holds the versions of features it knows of too, but none that is newer than itself.
    /// </summary>
    /// <param name="first">The bytes are the beginning of the file.</param>
    /// <param name="last">They are its end. A text that touches a border which is not the file's own may be a part of another one and does not count.</param>
    public static VersionText? Greatest(ReadOnlySpan<byte> bytes, bool first, bool last)
    {
        VersionText? greatest = null;
        for (var at = 0; at < bytes.Length; at++)
        {
            var step = bytes[at..].IndexOf((byte)'v');
            if (step < 0) break;
            at += step;
            if (at == 0 ? !first : IsWord(bytes[at - 1])) continue;
            var end = at + 1;
            if (!TryNumber(bytes, ref end, out var major) || !TryDot(bytes, ref end) || !TryNumber(bytes, ref end, out var minor) || !TryDot(bytes, ref end) || !TryNumber(bytes, ref end, out var patch)) continue;
            if (end == bytes.Length && !last) continue;
            var version = new VersionText(major, minor, patch);
            if (greatest is not { } best || version.CompareTo(best) > 0) greatest = version;
        }

        return greatest;
    }

    public int CompareTo(VersionText other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"v{Major}.{Minor}.{Patch}");

    private static bool IsWord(byte b) => char.IsAsciiLetterOrDigit((char)b) || b == '_';

    private static bool TryDot(ReadOnlySpan<byte> bytes, ref int at) => at < bytes.Length && bytes[at++] == '.';

    private static bool TryNumber(ReadOnlySpan<byte> bytes, ref int at, out int number)
    {
        number = 0;
        var start = at;
        while (at < bytes.Length && char.IsAsciiDigit((char)bytes[at]))
        {
            if (at - start == MaxDigits) return false;
            number = (number * 10) + bytes[at++] - '0';
        }

        return at > start;
    }
}
