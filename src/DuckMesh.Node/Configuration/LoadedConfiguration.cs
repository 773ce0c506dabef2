using System.Collections.Immutable;

namespace DuckMesh.Node.Configuration;

/// <summary>What reading a configuration gave.</summary>
/// <param name="Options">Null when there are mistakes.</param>
/// <param name="Mistakes">One line each: where, which key, what is allowed.</param>
internal sealed record LoadedConfiguration(NodeOptions? Options, ImmutableArray<string> Mistakes);
