using System.Net;
using DuckMesh.Acceptance.Harness;
using DuckMesh.Acceptance.Nodes;
using DuckMesh.Acceptance.Owners;
using DuckMesh.Acceptance.Prometheus;

namespace DuckMesh.Acceptance;

/// <summary>A real Prometheus and its tool judge what the node exposes.</summary>
public sealed class PrometheusTests
{
    private static readonly TimeSpan QueriedWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Prometheus_scrapes_the_node_and_its_queries_return_the_plain_names()
    {
        using var folder = new TestFolder();
        await using var owner = await OwnerProcess.StartDotnet(folder["orders.duckdb"]);
        await using var node = await NodeProcess.StartReady(folder.Folder("data"));
        var name = (string)(await Eventually.Sees("the database is listed", QueriedWithin, () => node.Database(owner.Database), item => item is not null))!["name"]!;
        await using var prometheus = await PrometheusProcess.Start(folder, node.Address);

        await Eventually.Sees("the scrape works", QueriedWithin, () => prometheus.Query("up{job=\"duckmesh\"}"),
            result => result is [var up] && (string)up["value"]![1]! == "1");
        foreach (var plain in new[] { "cpu_usage_percent", "memory_usage_percent", "disk_usage_percent", "io_read_speed", "io_write_speed" })
        {
            await Eventually.Sees($"{plain} of {name}", QueriedWithin, () => prometheus.Query($"{plain}{{database=\"{name}\",host=\"{NodeProcess.Host}\"}}"),
                result => result.Count == 1, result => $"{result.Count} series");
        }

        var groups = (await prometheus.Get("/api/v1/rules"))["groups"]!.AsArray();
        var rules = groups.SelectMany(group => group!["rules"]!.AsArray()).ToList();
        Assert.Contains(rules, rule => (string)rule!["name"]! == "OwnerCrashed");
        await Eventually.Sees("each rule evaluates", QueriedWithin, async () =>
            (await prometheus.Get("/api/v1/rules"))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray())
                .Where(rule => (string)rule!["health"]! != "ok").Select(rule => $"{rule!["name"]}: {rule["health"]} {rule["lastError"]}").ToList(),
            bad => bad.Count == 0, bad => string.Join("; ", bad));
        var target = (await prometheus.Get("/api/v1/targets"))["activeTargets"]!.AsArray().Single()!;
        Assert.Equal("", (string)target["lastError"]!);
    }

    [Fact]
    public async Task Promtool_finds_nothing_wrong_with_the_metrics()
    {
        using var folder = new TestFolder();
        await using var owner = await OwnerProcess.StartDotnet(folder["orders.duckdb"]);
        await using var node = await NodeProcess.StartReady(folder.Folder("data"));
        await Eventually.Sees("the database's metrics are there", QueriedWithin, () => node.Metrics(),
            metrics => metrics.Of("duckdb_cpu_usage_ratio").Any(), metrics => $"{metrics.Samples.Count} samples");

        var (status, text) = await node.Get("/metrics");
        Assert.Equal(HttpStatusCode.OK, status);
        var (code, output, errors) = await RunningProgram.Run(QueriedWithin, "bash", "-c", "promtool check metrics < \"$0\"", folder.File("metrics.txt", text));
        Assert.True(code == 0, $"promtool check metrics: {output}{errors}");
    }

    [Fact]
    public async Task The_OpenMetrics_form_is_what_Prometheus_reads_as_OpenMetrics()
    {
        using var folder = new TestFolder();
        await using var owner = await OwnerProcess.StartDotnet(folder["orders.duckdb"]);
        await using var node = await NodeProcess.StartReady(folder.Folder("data"));
        await Eventually.Sees("the database's metrics are there", QueriedWithin, () => node.Metrics(),
            metrics => metrics.Of("duckdb_checkpoints_total").Any(), metrics => $"{metrics.Samples.Count} samples");

        var (status, text) = await node.Get("/metrics", accept: "application/openmetrics-text; version=1.0.0");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        // Prometheus' OpenMetrics parser is strict; of its tools this one runs it. It wants a time with each sample.
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var timed = string.Join('\n', text.Split('\n').Select(line => line.Length == 0 || line[0] == '#' ? line : $"{line.Split(" # ")[0]} {now}"));
        var (code, output, errors) = await RunningProgram.Run(QueriedWithin, "promtool", "tsdb", "create-blocks-from", "openmetrics", folder.File("metrics.om", timed), folder["blocks"]);
        Assert.True(code == 0, $"promtool does not read it: {output}{errors}");
    }
}
