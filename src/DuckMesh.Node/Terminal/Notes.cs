using System.Collections.Immutable;

namespace DuckMesh.Node.Terminal;

/// <summary>What parts of this process have to say to whoever looks at the console: the newest few, each once.</summary>
internal sealed class Notes
{
    /// <summary>Lines that the table can spare on the smallest common terminal, 24 lines high.</summary>
    private const int Most = 4;

    private ImmutableArray<string> _all = [];

    public ImmutableArray<string> All => _all;

    public void Add(string note) => ImmutableInterlocked.Update(ref _all, all => all.Contains(note) ? all : [.. all.Skip(all.Length - Most + 1), note]);
}
