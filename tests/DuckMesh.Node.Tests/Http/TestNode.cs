using System.Net;
using System.Text.Json;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Gathering;
using DuckMesh.History;
using DuckMesh.Node.Http;
using DuckMesh.Node.Http.Gathering;
using DuckMesh.Node.Http.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Prometheus;

namespace DuckMesh.Node.Tests.Http;

/// <summary>The real HTTP side on Kestrel at a free port, fed with snapshots instead of an actor system.</summary>
public sealed class TestNode : IAsyncLifetime
{
    private WebApplication _app = null!;

    public FleetSnapshot Snapshot { get; set; } = Some.Fleet();

    /// <summary>Instead of the snapshot, when set.</summary>
    public Func<CancellationToken, Task<FleetSnapshot>>? Exporter { get; set; }

    /// <summary>The history store; null: history is off. Set before the first question about it.</summary>
    public IHistoryStore? Store { get; set; }

    /// <summary>What the rest of the cluster answers; by default there is none.</summary>
    public Func<GatherProtocol.Gather, GatherProtocol.Gathered> Others { get; set; } = _ => new([], []);

    public FakeTimeProvider Time { get; } = new(Some.Noon);

    public NodeStatus Status { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var registry = Metrics.NewCustomRegistry();
        Status = new NodeStatus(Time) { MemberUp = true, RegionStarted = true };
        builder.Services.AddSingleton(registry).AddSingleton(new NodeMetrics(registry)).AddSingleton(Status).AddSingleton<TimeProvider>(Time)
            .AddSingleton(new MonitorSettings { Host = "h1", DataFolder = "/nowhere", HoconFolder = "/nowhere" })
            .AddSingleton(new ThisNode("h1", () => "127.0.0.1:4053", "127.0.0.1:9642"))
            .AddSingleton(new OtherNodes((gather, _) => Task.FromResult(Others(gather))))
            .AddSingleton(new ClusterNodes(() => [("h1", "127.0.0.1:9642"), ("h2", "127.0.0.1:9643")]))
            .AddSingleton(_ => new HistoryReader(Store, shared: false, Retention.Default, Time))
            .AddSingleton(new Fleet(c => Exporter?.Invoke(c) ?? Task.FromResult(Snapshot), Time));
        builder.Services.AddHttpApi();
        _app = builder.Build();
        _app.MapHttpApi();
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    /// <summary>This node's answer to a question of another.</summary>
    public Task<string> AnswerAsync(string about, string query) => _app.Services.GetRequiredService<AnswerQuestion>()(about, query, CancellationToken.None);

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>The detail of the problem that answers.</summary>
    public async Task<string> ProblemAsync(string path, HttpStatusCode expected)
    {
        using var response = await Client.GetAsync(path);
        return await ProblemAsync(response, expected);
    }

    public static async Task<string> ProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem.GetProperty("detail").GetString()!;
    }
}
