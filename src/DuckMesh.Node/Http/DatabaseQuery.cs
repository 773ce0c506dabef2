using System.ComponentModel;
using DuckMesh.Model.Alerts;
using DuckMesh.Model.Databases;
using DuckMesh.Node.Http.Items;
using Microsoft.AspNetCore.Mvc;

namespace DuckMesh.Node.Http;

/// <summary>Which databases are asked for.</summary>
public sealed record DatabaseQuery(
    [property: FromQuery(Name = "state"), Description("Only in these states: up, unowned, unreadable, down, lost; repeat it or separate by commas.")] string[]? State,
    [property: FromQuery(Name = "host"), Description("Only of this host.")] string? Host,
    [property: FromQuery(Name = "name"), Description("Only of this name.")] string? Name,
    [property: FromQuery(Name = "owner"), Description("Only those whose owner has this pid, or this text in its executable's path.")] string? Owner,
    [property: FromQuery(Name = "q"), Description("Only those with this text in id, name, owner or reason, whatever its case.")] string? Q,
    [property: FromQuery(Name = "alerts"), Description("firing: only those for which a rule fires.")] string[]? Alerts,
    [property: FromQuery(Name = "sort"), Description("A field, with a minus sign before it for descending; what has no value stands last. Default: name.")] string? Sort,
    [property: FromQuery(Name = "limit"), Description("Items on a page, 1 to 1000. Default: 100.")] int? Limit,
    [property: FromQuery(Name = "cursor"), Description("The field next of the page before.")] string? Cursor)
{
    /// <exception cref="BadQueryException">A state or alert state does not exist.</exception>
    public Func<DatabaseItem, bool> Filter()
    {
        var states = Choice.Of("state", State, DatabaseState.Up, DatabaseState.Unowned, DatabaseState.Unreadable, DatabaseState.Down, DatabaseState.Lost);
        var firing = Choice.Of("alerts", Alerts, EpisodeState.Firing).Count > 0;
        return item =>
            (states.Count == 0 || (item.State is { } state && states.Contains(state)))
            && (Host is null || item.Host == Host)
            && (Name is null || item.Name == Name)
            && (Owner is null || Owned(item.Owner, Owner))
            && (Q is null || Contains(item.Id, Q) || Contains(item.Name, Q) || Contains(item.Owner?.Exe, Q) || Contains(item.Reason, Q))
            && (!firing || item.Alerts.Length > 0);
    }

    private static bool Owned(OwnerItem? owner, string by) => owner is not null
        && (owner.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture) == by || Contains(owner.Exe, by));

    private static bool Contains(string? text, string part) => text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;
}
