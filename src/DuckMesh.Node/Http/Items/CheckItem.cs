using System.ComponentModel;

namespace DuckMesh.Node.Http.Items;

[Description("One condition of readiness.")]
public sealed record CheckItem(
    [property: Description("member, journal or region.")] string Name,
    bool Ok,
    [property: Description("What is wrong, and what to try; null when nothing is.")] string? Detail);
