using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace DuckMesh.Node.Http.History;

/// <summary>Which part of a database's story is asked for.</summary>
public sealed record TimelineQuery(
    [property: FromQuery(Name = "from"), Description("Where it begins, inclusive: RFC 3339 or Unix seconds. Default: a day before to.")] string? From,
    [property: FromQuery(Name = "to"), Description("Where it ends, exclusive: RFC 3339 or Unix seconds. Default: now.")] string? To,
    [property: FromQuery(Name = "limit"), Description("Events, 1 to 1000: the newest of the range. Default: 200.")] int? Limit);
