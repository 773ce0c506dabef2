using System.Collections.Immutable;

namespace DuckMesh.Observation.Discovery;

/// <summary>What is never to be looked at: a file that one of the globs matches, or a folder above it.</summary>
internal sealed class WatchPatternSet(IEnumerable<WatchPattern> patterns)
{
    private readonly ImmutableArray<GlobPath> _globs = [.. patterns.SelectMany(p => p.Alternatives)];

    public bool Covers(ReadOnlySpan<byte> path)
    {
        foreach (var glob in _globs)
        {
            if (glob.Matches(path, orFolderAbove: true)) return true;
        }

        return false;
    }
}
