using System.Collections.Immutable;
using System.Numerics;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// One glob as a machine that is fed a path name by name. Its state is a set of bits, one per segment that the next name may match; the bit after the last says
/// that the path matches.
/// </summary>
internal sealed class GlobPath
{
    private readonly ImmutableArray<GlobSegment> _segments;

    public GlobPath(IEnumerable<string> segments)
    {
        // "**" at the end means the files below, and twice "**" is once.
        var list = new List<GlobSegment>();
        foreach (var segment in segments.Select(GlobSegment.Parse))
        {
            if (!segment.IsAnyFolders || list is not [.., { IsAnyFolders: true }]) list.Add(segment);
        }

        if (list is [.., { IsAnyFolders: true }]) list.Add(GlobSegment.Parse("*"));
        _segments = [.. list];
        IsLiteral = list.TrueForAll(s => s.IsLiteral);
    }

    public bool IsLiteral { get; }

    public ulong Start => Close(1);

    /// <summary>The states after one more name.</summary>
    /// <param name="followed">Those of them that a symbolic link may lead to: <c>**</c> goes into real folders only, so it ends.</param>
    public ulong Next(ulong states, ReadOnlySpan<byte> name, out ulong followed)
    {
        ulong anywhere = 0;
        followed = 0;
        for (var rest = states; rest != 0; rest &= rest - 1)
        {
            var index = BitOperations.TrailingZeroCount(rest);
            if (index >= _segments.Length) break;
            if (_segments[index].IsAnyFolders) anywhere |= 1UL << index;
            else if (_segments[index].Matches(name)) followed |= 1UL << (index + 1);
        }

        followed = Close(followed);
        return followed | Close(anywhere);
    }

    public bool Accepts(ulong states) => (states >> _segments.Length) != 0;

    /// <summary>Is there more to match below?</summary>
    public bool GoesOn(ulong states) => (states & ((1UL << _segments.Length) - 1)) != 0;

    /// <summary>The one name that can follow, so that a folder need not be read; null where it has to be.</summary>
    public byte[]? OnlyName(ulong states)
    {
        states &= (1UL << _segments.Length) - 1;
        return BitOperations.IsPow2(states) && _segments[BitOperations.TrailingZeroCount(states)] is { IsLiteral: true } segment ? segment.Literal : null;
    }

    /// <summary>Does the glob match the path, or, asked so, a folder above it?</summary>
    public bool Matches(ReadOnlySpan<byte> path, bool orFolderAbove)
    {
        var states = Start;
        while (NextName(ref path, out var name))
        {
            if (orFolderAbove && Accepts(states)) return true;
            states = Next(states, name, out _);
            if (states == 0) return false;
        }

        return Accepts(states);
    }

    public string LiteralPath() => "/" + string.Join('/', _segments.Select(s => FilePath.FromBytes(s.Literal)));

    private static bool NextName(ref ReadOnlySpan<byte> path, out ReadOnlySpan<byte> name)
    {
        path = path.TrimStart((byte)'/');
        var end = path.IndexOf((byte)'/');
        name = end < 0 ? path : path[..end];
        path = end < 0 ? [] : path[end..];
        return !name.IsEmpty;
    }

    // "**" may stand for no folder at all.
    private ulong Close(ulong states)
    {
        for (var index = 0; index < _segments.Length; index++)
        {
            if ((states & (1UL << index)) != 0 && _segments[index].IsAnyFolders) states |= 1UL << (index + 1);
        }

        return states;
    }
}
