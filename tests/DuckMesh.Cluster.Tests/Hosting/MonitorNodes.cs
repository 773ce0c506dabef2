using System.Collections;

namespace DuckMesh.Cluster.Tests.Hosting;

/// <summary>A cluster of whole nodes in this process, hosts h1, h2 and so on; the first is the oldest.</summary>
internal sealed class MonitorNodes : IReadOnlyList<MonitorNode>, IAsyncDisposable
{
    private readonly List<MonitorNode> _nodes = [];

    private MonitorNodes()
    {
    }

    public int Count => _nodes.Count;

    public MonitorNode this[int index] => _nodes[index];

    public static async Task<MonitorNodes> StartAsync(string postgres, int count, Func<MonitorSettings, MonitorSettings>? change = null)
    {
        var nodes = new MonitorNodes();
        try
        {
            for (var i = 1; i <= count; i++)
            {
                nodes._nodes.Add(await MonitorNode.StartAsync(postgres, $"h{i}", change: change));
                await nodes._nodes[^1].ReadyAsync();
            }

            foreach (var node in nodes) await node.SeesMembersAsync(count);
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    public string Describe() => string.Join('\n', _nodes.Select(n => n.Describe()));

    public IEnumerator<MonitorNode> GetEnumerator() => _nodes.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }
}
