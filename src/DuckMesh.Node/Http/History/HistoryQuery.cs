using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace DuckMesh.Node.Http.History;

/// <summary>Which history is asked for.</summary>
public sealed record HistoryQuery(
    [property: FromQuery(Name = "metric"), Description("The name of a metric of a database; of a histogram with _bucket, _sum or _count behind it.")] string? Metric,
    [property: FromQuery(Name = "database"), Description("Only of these databases, by name or id; may be repeated. With host= also of one that is known to history only.")] string[]? Database,
    [property: FromQuery(Name = "host"), Description("Only of databases on this host; needs database.")] string? Host,
    [property: FromQuery(Name = "from"), Description("Where it begins, inclusive: RFC 3339 or Unix seconds. Default: an hour before to.")] string? From,
    [property: FromQuery(Name = "to"), Description("Where it ends, exclusive: RFC 3339 or Unix seconds. Default: now.")] string? To,
    [property: FromQuery(Name = "step"), Description("Width of a point: seconds, or a number and s, m, h or d. Default: chosen by the width of the range.")] string? Step,
    [property: FromQuery(Name = "top"), Description("Only so many series, 1 to 100: those with the highest mean, of counters the highest last value.")] int? Top);
