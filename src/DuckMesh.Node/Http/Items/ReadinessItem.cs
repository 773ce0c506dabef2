using System.Collections.Immutable;
using System.ComponentModel;

namespace DuckMesh.Node.Http.Items;

[Description("Can this node do its work?")]
public sealed record ReadinessItem(bool Ready, ImmutableArray<CheckItem> Checks);
