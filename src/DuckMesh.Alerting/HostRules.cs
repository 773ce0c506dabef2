using DuckMesh.Alerting.Conditions;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Alerting;

/// <summary>Rules about a host as a whole.</summary>
public static class HostRules
{
    /// <summary>
    /// A node that restarts is back within seconds, so half a minute is no restart. It comes on top of the time in which the cluster makes sure that the node is lost.
    /// </summary>
    private static readonly TimeSpan LostFor = TimeSpan.FromSeconds(30);

    public static Rule HostDown { get; } = new("HostDown", new Lost(), 0, LostFor, Severity.Critical, "notify",
        "No node of the host is in the cluster: nobody watches its databases, and their own alerts are silent.");

    public static RuleSet BuiltIn { get; } = new([HostDown]);
}
