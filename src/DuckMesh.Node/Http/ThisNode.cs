using System.Reflection;

namespace DuckMesh.Node.Http;

/// <summary>The node that answers.</summary>
/// <param name="Host">The label <c>host</c> of the files that it sees.</param>
/// <param name="Address">Its address in the cluster; null until it has one.</param>
/// <param name="Http">Host and port of its HTTP.</param>
public sealed record ThisNode(string Host, Func<string?> Address, string Http)
{
    /// <summary>The version without the commit that the build adds after a plus sign.</summary>
    public static string Version { get; } =
        typeof(ThisNode).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>How lists name it, also before it has an address.</summary>
    public string Name => Address() ?? Host;
}
