using System.Text.Json;

namespace DuckMesh.Architecture.Tests;

/// <summary>What the node's process is started with.</summary>
public sealed class RuntimeConfigurationTests
{
    private static readonly JsonElement Properties = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "DuckMesh.Node.runtimeconfig.json")))
        .RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");

    [Fact]
    public void The_node_takes_no_lock_on_the_files_it_opens() =>
        Assert.True(Properties.GetProperty("System.IO.DisableFileLocking").GetBoolean());

    [Fact]
    public void Idle_worker_threads_do_not_spin() =>
        Assert.Equal(0, Properties.GetProperty("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit").GetInt32());
}
