using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization;
using DuckMesh.Cluster.Journal;
using DuckMesh.Cluster.Serialization;

namespace DuckMesh.Cluster.Tests.Journal;

/// <summary>An actor system that is in no cluster and has a real journal, set up as a node sets it up.</summary>
internal static class JournalSystem
{
    /// <param name="hocon">What is different from a node's.</param>
    public static ActorSystem Create(IJournal journal, string hocon = "akka.actor.provider = local")
    {
        var config = ConfigurationFactory.ParseString(hocon).WithFallback(journal.Hocon()).WithFallback(Shipped(journal.HoconFile)).WithFallback(Shipped("reference.conf"));
        return ActorSystem.Create("journal", ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(config),
            journal.Setup(),
            SerializationSetup.Create(system => [SerializerDetails.Create("wire", new WireSerializer(system), WireSerializer.Types)])));
    }

    private static Config Shipped(string file) => ConfigurationFactory.ParseString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hocon", file)));
}
