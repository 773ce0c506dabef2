using System.Collections.Immutable;
using Akka.Actor;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Exporter;

/// <summary>What the supervisors of a node tell its exporter, besides their batches.</summary>
public static class ExporterProtocol
{
    public sealed record Watched(StoredDatabase Database) : INoSerializationVerificationNeeded;

    /// <summary>Its supervisor stopped or moved: no series of it stays behind.</summary>
    public sealed record Unwatched(DatabaseId Database) : INoSerializationVerificationNeeded;

    public sealed record AlertsChanged(DatabaseId Database, ImmutableArray<Episode> Episodes, ImmutableArray<string> NoData) : INoSerializationVerificationNeeded;
}
