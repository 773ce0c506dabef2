using Akka.Actor.Setup;
using Akka.Configuration;

namespace DuckMesh.Cluster.Journal;

/// <summary>Where the stories of the cells are kept: a file of a single node, or the database that the nodes of a cluster share.</summary>
public interface IJournal
{
    /// <summary>The file in the HOCON folder that has the plug-ins' settings for it.</summary>
    string HoconFile { get; }

    /// <summary>What the plug-ins must be told besides, and only code knows. Without any secret: an actor system can be made to print its settings.</summary>
    Config Hocon();

    /// <summary>How the plug-ins reach it.</summary>
    Setup Setup();

    /// <summary>One small durable write: does the journal work?</summary>
    Task PulseAsync(DateTimeOffset now, CancellationToken cancellation);

    /// <summary>What went wrong and what to try, in one line and without a secret.</summary>
    string Explain(Exception failure);
}
