using Akka.Event;

namespace DuckMesh.Cluster.Hosting;

/// <summary>
/// What Akka logs while its loggers do not run: before they are started, and what was in their mailboxes when they stopped. Akka writes it to stdout, in the middle of
/// whatever the console shows there; here it is errors only, on stderr. Named in <c>hocon/reference.conf</c>.
/// </summary>
public sealed class LastResortLogger : MinimalLogger
{
    protected override void Log(object message)
    {
        if (message is Error error) Console.Error.WriteLine($"{error.LogSource}: {error.Message}".ReplaceLineEndings(" "));
    }
}
