using System.ComponentModel;

namespace DuckMesh.Node.Http.Items;

[Description("The process that holds the database; of several the one that started first.")]
public sealed record OwnerItem(
    [property: Description("As the node's PID namespace numbers it.")] int Pid,
    [property: Description("The executable's path.")] string? Exe,
    [property: Description("When the process started.")] DateTime? Since,
    [property: Description("The container it runs in, where there is one.")] string? Container,
    [property: Description("Its control group.")] string? Cgroup,
    [property: Description("How many processes hold the database.")] int Count);
