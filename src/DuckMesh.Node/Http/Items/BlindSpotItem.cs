using System.ComponentModel;

namespace DuckMesh.Node.Http.Items;

[Description("A process that this node may not look into.")]
public sealed record BlindSpotItem(int Pid, string? Command, int Locks, [property: Description("What forbids the look, and what to try.")] string Reason);
