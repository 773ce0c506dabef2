using Akka.Actor;
using Akka.Persistence;

namespace DuckMesh.Cluster.Journal;

/// <summary>
/// Reads an empty story and stops. The first use of the journal loads and compiles its driver, which takes a second or more: it does so while the node joins, not
/// after.
/// </summary>
public sealed class JournalWarmUp : UntypedPersistentActor
{
    public override string PersistenceId => "warm-up";

    protected override void OnRecover(object message)
    {
        if (message is RecoveryCompleted) Context.Stop(Self);
    }

    protected override void OnCommand(object message) => Unhandled(message);
}
