using System.Collections.Immutable;
using System.ComponentModel;

namespace DuckMesh.Node.Http.Paging;

[Description("A part of a list.")]
public sealed record Page<T>(
    [property: Description("The items of this page.")] ImmutableArray<T> Items,
    [property: Description("The parameter cursor of the next page; null on the last.")] string? Next,
    [property: Description("Nodes that could not be asked: what they know is not in this list.")] ImmutableArray<string> Missing);
