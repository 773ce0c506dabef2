using Akka.Actor;

namespace DuckMesh.Cluster.Sync;

/// <summary>When to snapshot, and where to. It answers what it is doing; this version has no targets, so that is always the same.</summary>
public sealed class SyncActor : UntypedActor
{
    private readonly SyncState _state = SyncState.NoTarget;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GetState: Sender.Tell(new State(_state)); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>Answered by <see cref="State"/>.</summary>
    public sealed record GetState : INoSerializationVerificationNeeded
    {
        public static readonly GetState Instance = new();
    }

    public sealed record State(SyncState Sync) : INoSerializationVerificationNeeded;
}
