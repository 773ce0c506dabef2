using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace DuckMesh.Cluster.Tests.Cells;

/// <summary>A journal in memory that fails when it is told to: before it stores, or after.</summary>
public sealed class FlakyJournal : MemoryJournal
{
    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var faults = Faults.Of(Context.System);
        if (faults.FailBefore) throw new IOException("database or disk is full");
        var result = await base.WriteMessagesAsync(messages, cancellationToken);
        return faults.FailAfter ? throw new IOException("the connection was lost") : result;
    }

    public sealed class Faults : IExtension
    {
        public bool FailBefore { get; set; }

        public bool FailAfter { get; set; }

        public static Faults Of(ActorSystem system) => system.WithExtension<Faults, Provider>();

        private sealed class Provider : ExtensionIdProvider<Faults>
        {
            public override Faults CreateExtension(ExtendedActorSystem system) => new();
        }
    }
}
