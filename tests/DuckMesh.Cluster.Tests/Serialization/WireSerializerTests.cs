using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization;
using DuckMesh.Cluster.Cells;
using DuckMesh.Cluster.Edge;
using DuckMesh.Cluster.Gathering;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Cluster.Serialization;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;

namespace DuckMesh.Cluster.Tests.Serialization;

/// <summary>
/// Golden files hold what earlier versions stored: a journal is read for ever. A new manifest gets its file with <c>DUCKMESH_WRITE_GOLDEN=1</c>; an existing file
/// is never rewritten.
/// </summary>
public sealed class WireSerializerTests : IDisposable
{
    private static readonly string Golden = Path.Combine(SourceFolder(), "golden");

    private static readonly DatabaseId Contained = new("h1", "web", "/data/odd\\x0aname.duckdb");

    private static readonly ImmutableDictionary<string, object> Examples = new Dictionary<string, object>
    {
        ["cell.found.1"] = new CellProtocol.Found("h1/7", [new(Some.Orders, "orders", true), new(Contained, "odd", false)]),
        ["cell.leave.1"] = CellProtocol.Leave.Instance,
        ["cell.heard.1"] = new CellProtocol.Announced(12),
        ["edge.probe.1"] = new EdgeProtocol.Probe(Some.Orders, TimeSpan.FromSeconds(4), 2),
        ["edge.probe-failed.1"] = new EdgeProtocol.ProbeFailed(Some.Orders, Some.Noon, "no answer") { Stranger = true },
        ["edge.refused.1"] = new EdgeProtocol.Refused("h1/7", 3),
        ["edge.adopt.1"] = new EdgeProtocol.Adopt("h1/7", [new(Some.Orders, "orders", false)], 2),
        ["edge.known.1"] = new EdgeProtocol.Known("h1/7", [Some.Orders], 2),
        ["edge.forget.1"] = new EdgeProtocol.Forget(Contained, 2),
        ["edge.reading.1"] = new Reading(Some.Orders, Some.Noon, Presence.Present, "all of it")
        {
            File = new FileReading(new FileIdentity(1, ulong.MaxValue), 274432) { Header = new HeaderReading(68, "v1.5.6", false, 3, "00ff"), Blocks = new BlockReading(2, 1, 262144) },
            Wal = new WalReading(100, 3) { TornTail = true },
            TempBytes = 0,
            Disk = new DiskReading(1000, 100, 0.9, "ext4", false),
            Owned = true,
            Owner = new OwnerReading(7, Some.Noon.AddHours(-1), Some.Noon) { Exe = "/usr/bin/node", CpuSeconds = 1.5, CpuLimitCores = 2, ResidentBytes = 5, MemoryLimitBytes = 10, ReadBytes = 1, WriteBytes = 2, LibraryVersion = "v1.5.6", Container = "web", Cgroup = "/a" },
            Owners = 1,
        },
        ["gather.question.1"] = new GatherProtocol.Question(2, "databases", "{}"),
        ["gather.part.1"] = new GatherProtocol.Part(2, "{\"items\":[", Last: false),
        ["gather.unanswered.1"] = new GatherProtocol.Unanswered(2, "busy"),
        ["story.opened.1"] = new CellEvent.Opened(4, Some.Noon),
        ["story.discovered.1"] = new CellEvent.Discovered([new(Some.Orders, "orders", true)], Some.Noon),
        ["story.forgotten.1"] = new CellEvent.Forgotten([Some.Orders], Some.Noon),
        ["story.gone.1"] = new CellEvent.Gone([new(Some.Orders, Some.Noon), new(Contained, null)]),
        ["story.owned.1"] = new CellEvent.Owned([new(Some.Orders, 300.5)]),
        ["story.transitions.1"] = new CellEvent.Transitions([new(1, Some.Transition(1)), new(2, Some.Transition(2, EpisodeState.NoData) with { Value = null })], 0),
        ["story.announced.1"] = new CellEvent.Announced(2),
        ["story.state.1"] = CellState.Empty
            .Apply(new CellEvent.Opened(4, Some.Noon))
            .Apply(new CellEvent.Discovered([new(Some.Orders, "orders", true)], Some.Noon))
            .Apply(new CellEvent.Transitions([new(1, Some.Transition(1))], 0)),
    }.ToImmutableDictionary();

    private readonly ActorSystem _system = ActorSystem.Create("wire", ActorSystemSetup.Create(
        BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("akka.actor.serialization-settings.allow-unregistered-types = false, akka.loglevel = OFF")),
        SerializationSetup.Create(system => [SerializerDetails.Create("wire", new WireSerializer(system), WireSerializer.Types)])));

    public static TheoryData<string> Manifests => [.. WireSerializer.AllManifests];

    public void Dispose() => _system.Dispose();

    [Theory]
    [MemberData(nameof(Manifests))]
    public void What_was_once_stored_is_read_and_written_alike(string manifest)
    {
        var serializer = (WireSerializer)_system.Serialization.FindSerializerFor(Examples[manifest]);
        var file = Path.Combine(Golden, manifest + ".json");
        if (!File.Exists(file) && Environment.GetEnvironmentVariable("DUCKMESH_WRITE_GOLDEN") == "1") File.WriteAllBytes(file, serializer.ToBinary(Examples[manifest]));
        Assert.True(File.Exists(file), $"{manifest} has no golden file: run once with DUCKMESH_WRITE_GOLDEN=1");
        var read = serializer.FromBinary(File.ReadAllBytes(file), manifest);
        Assert.Equal(manifest, serializer.Manifest(read));
        Assert.Equal(Encoding.UTF8.GetString(serializer.ToBinary(Examples[manifest])), Encoding.UTF8.GetString(serializer.ToBinary(read)));
    }

    [Fact]
    public void All_that_may_cross_a_wire_or_be_stored_has_a_manifest()
    {
        var marked = typeof(IWireMessage).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IWireMessage)));
        Assert.All(marked, t => Assert.Contains(t, WireSerializer.Types));
    }

    [Fact]
    public void A_type_that_nobody_bound_is_refused()
    {
        Assert.ThrowsAny<Exception>(() => _system.Serialization.FindSerializerFor(new Version(1, 0)));
    }

    [Fact]
    public void A_manifest_of_a_newer_version_is_refused_and_named()
    {
        var serializer = new WireSerializer((ExtendedActorSystem)_system);
        var refused = Assert.Throws<SerializationException>(() => serializer.FromBinary([], "story.opened.2"));
        Assert.Contains("story.opened.2", refused.Message, StringComparison.Ordinal);
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
