using System.Buffers;
using System.Text;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Discovery;

/// <summary>One name of a glob, or <c>**</c>. Works on bytes; a character is one of UTF-8, or a byte that belongs to none.</summary>
internal sealed class GlobSegment
{
    private static readonly SearchValues<byte> Wildcards = SearchValues.Create("*?["u8);

    private readonly byte[] _pattern;

    private GlobSegment(byte[] pattern)
    {
        _pattern = pattern;
        IsAnyFolders = pattern.AsSpan().SequenceEqual("**"u8);
        IsLiteral = !pattern.AsSpan().ContainsAny(Wildcards);
    }

    public bool IsAnyFolders { get; }

    public bool IsLiteral { get; }

    public byte[] Literal => _pattern;

    public static GlobSegment Parse(string text) => new(FilePath.ToBytes(text));

    public static bool IsClosed(ReadOnlySpan<byte> pattern)
    {
        while (!pattern.IsEmpty)
        {
            var length = pattern[0] == '[' ? SetLength(pattern) : 1;
            if (length < 0) return false;
            pattern = pattern[length..];
        }

        return true;
    }

    public bool Matches(ReadOnlySpan<byte> name)
    {
        if (IsLiteral) return name.SequenceEqual(_pattern);

        // The last star may take one more character whenever what follows it fails; earlier stars need not be tried again.
        ReadOnlySpan<byte> pattern = _pattern;
        ReadOnlySpan<byte> afterStar = default, retry = default;
        var starred = false;
        while (true)
        {
            if (!pattern.IsEmpty && pattern[0] == '*')
            {
                pattern = pattern.TrimStart((byte)'*');
                afterStar = pattern;
                retry = name;
                starred = true;
            }
            else if (pattern.IsEmpty && name.IsEmpty)
            {
                return true;
            }
            else if (!pattern.IsEmpty && !name.IsEmpty && One(pattern, name, out var patternLength, out var nameLength))
            {
                pattern = pattern[patternLength..];
                name = name[nameLength..];
            }
            else if (starred && !retry.IsEmpty)
            {
                retry = retry[1..];
                pattern = afterStar;
                name = retry;
            }
            else
            {
                return false;
            }
        }
    }

    private static bool One(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> name, out int patternLength, out int nameLength)
    {
        (patternLength, nameLength) = (1, 1);
        if (pattern[0] == '?')
        {
            Character(name, out nameLength);
            return true;
        }

        if (pattern[0] != '[') return pattern[0] == name[0];
        patternLength = SetLength(pattern);
        var set = pattern[1..(patternLength - 1)];
        var not = set[0] is (byte)'!' or (byte)'^';
        return IsInSet(not ? set[1..] : set, Character(name, out nameLength)) != not;
    }

    // From '[' to its ']', which may come first as a member; -1 when there is none.
    private static int SetLength(ReadOnlySpan<byte> pattern)
    {
        var first = pattern.Length > 1 && pattern[1] is (byte)'!' or (byte)'^' ? 2 : 1;
        if (first + 1 > pattern.Length) return -1;
        var end = pattern[(first + 1)..].IndexOf((byte)']');
        return end < 0 ? -1 : first + 1 + end + 1;
    }

    private static bool IsInSet(ReadOnlySpan<byte> set, int character)
    {
        while (!set.IsEmpty)
        {
            var from = Character(set, out var length);
            set = set[length..];
            var to = from;
            if (set.Length > 1 && set[0] == '-')
            {
                to = Character(set[1..], out length);
                set = set[(1 + length)..];
            }

            if (character >= from && character <= to) return true;
        }

        return false;
    }

    // Bytes that are no character come after all that are.
    private static int Character(ReadOnlySpan<byte> text, out int length)
    {
        if (Rune.DecodeFromUtf8(text, out var rune, out length) == OperationStatus.Done) return rune.Value;
        length = 1;
        return 0x110000 + text[0];
    }
}
