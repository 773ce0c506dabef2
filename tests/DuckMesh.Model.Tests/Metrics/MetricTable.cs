using System.Text;
using DuckMesh.Model.Metrics;

namespace DuckMesh.Model.Tests.Metrics;

/// <summary>Writes <c>docs/metrics.md</c> from the catalog.</summary>
internal static class MetricTable
{
    private const string Head = """
        # Metrics of a database

        <!-- Derived from MetricCatalog. After a change of the catalog: DUCKMESH_WRITE_DOCS=1 dotnet test tests/DuckMesh.Model.Tests -->

        Each metric has the labels `database` (short and unique on its host) and `host`, and those of its row. `/metrics?collect[]=GROUP` chooses groups,
        `?database=NAME` databases. The node's own metrics are in [self-metrics.md](self-metrics.md).

        **Absent means unknown.** A metric that can't be known from where we stand has no sample: it is never zero and never guessed. The column *known with* says what it
        takes. In PromQL an expression over an absent metric is empty, so no alert fires of it; the node's own list of alerts shows such a rule as `noData`.
        To find the databases that lack one: `duckdb_up unless on (database, host) duckdb_cpu_usage_ratio`.

        **Over several nodes.** Exactly one node exposes a database at a time, so sums over databases are right as they are: `sum(duckdb_file_size_bytes)`,
        `sum by (host) (rate(duckdb_failed_queries_total[5m]))`. When a database moves to another node its series go on there, counters from where they were, with another
        `instance`. For up to five minutes Prometheus may see both, and a `rate` begins anew: drop the label first where that matters,
        `max without (instance) (duckdb_wal_size_bytes)`. Ratios are never summed; take `max` or `avg`. Metrics of the owner (CPU, memory, device I/O) are those of its whole
        process: of several databases that one process holds, each shows the same, so group before you add: `max by (host, owner_pid) (duckdb_cpu_usage_ratio * on (database, host)
        group_left (owner_pid) duckdb_info)`. Metrics of the file system are the same for all databases on it.

        **Counters** never go down but for a restart of what they count; `rate` and `increase` see to that. *Known from* is `outside` (files and `/proc`), `inside` (the owner's
        log or an attachment) or `own` (DuckMesh's own work). The *plain name* is what `docker/prometheus/rules/seed-names.yml` records it as.

        """;

    public static string Text()
    {
        var text = new StringBuilder(Head);
        text.Append("\n| metric | type | unit | group | labels | meaning | known from | known with | plain name | history |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var metric in MetricCatalog.Metrics) text.Append("| ").AppendJoin(" | ", Cells(metric)).Append(" |\n");
        return text.ToString();
    }

    private static IEnumerable<string> Cells(Metric metric) =>
    [
        $"`{metric.Name}`",
        Lower(metric.Type),
        metric.Unit ?? "",
        Lower(metric.Group),
        string.Join(", ", metric.Labels.Select(l => Label(metric, l))),
        metric.Help,
        Lower(metric.Vantage),
        metric.DarkUntil,
        metric.PlainName is null ? "" : string.Join(", ", metric.PlainName.Split(", ").Select(n => $"`{n}`")),
        $"{Days(metric.Retention)} days",
    ];

    /// <summary>A label, and its values where they are known beforehand.</summary>
    private static string Label(Metric metric, string label)
    {
        var values = metric.Series.SelectMany(s => s.Labels).Where(l => l.Key == label).Select(l => l.Value);
        return values.Any() ? $"`{label}` ({string.Join(", ", values)})" : $"`{label}`";
    }

    /// <summary>Contract, section 6.</summary>
    private static int Days(RetentionClass retention) => retention switch
    {
        RetentionClass.Error or RetentionClass.Sync => 90,
        RetentionClass.Alert => 365,
        _ => 30,
    };

    private static string Lower(Enum value) => value.ToString().ToLowerInvariant();
}
