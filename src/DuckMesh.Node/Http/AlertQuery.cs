using System.ComponentModel;
using DuckMesh.Model.Alerts;
using DuckMesh.Node.Http.Items;
using Microsoft.AspNetCore.Mvc;

namespace DuckMesh.Node.Http;

/// <summary>Which alerts are asked for.</summary>
public sealed record AlertQuery(
    [property: FromQuery(Name = "state"), Description("Only in these states: pending, firing, noData, resolved; repeat it or separate by commas. Default: all that are open.")] string[]? State,
    [property: FromQuery(Name = "rule"), Description("Only of this rule.")] string? Rule,
    [property: FromQuery(Name = "severity"), Description("Only of these severities: medium, high, critical.")] string[]? Severity,
    [property: FromQuery(Name = "database"), Description("Only of the database of this name or id.")] string? Database,
    [property: FromQuery(Name = "host"), Description("Only of this host.")] string? Host,
    [property: FromQuery(Name = "sort"), Description("since, changedAt, severity, rule, database or state, with a minus sign before it for descending. Default: -since.")] string? Sort,
    [property: FromQuery(Name = "limit"), Description("Items on a page, 1 to 1000. Default: 100.")] int? Limit,
    [property: FromQuery(Name = "cursor"), Description("The field next of the page before.")] string? Cursor)
{
    /// <exception cref="BadQueryException">A state or severity does not exist.</exception>
    public Func<AlertItem, bool> Filter()
    {
        var states = Choice.Of("state", State, Enum.GetValues<EpisodeState>());
        var severities = Choice.Of("severity", Severity, Enum.GetValues<Severity>());
        return item =>
            (states.Count == 0 ? item.State != EpisodeState.Resolved : states.Contains(item.State))
            && (severities.Count == 0 || severities.Contains(item.Severity))
            && (Rule is null || item.Rule == Rule)
            && (Database is null || item.Database == Database || item.DatabaseId == Database)
            && (Host is null || item.Host == Host);
    }
}
