using System.Collections.Immutable;
using System.ComponentModel;
using System.IO.Compression;
using System.IO.Pipelines;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Cluster.Exporter.Exposition;
using DuckMesh.Model.Metrics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Prometheus;

namespace DuckMesh.Node.Http;

/// <summary><c>/metrics</c>: the databases by our own writer, then the node's metrics of itself by prometheus-net.</summary>
internal static class MetricsEndpoint
{
    /// <summary>The rate limiter's policy: a scrape of 10,000 databases is 20 MB of text, so many at once would be felt.</summary>
    public const string Policy = "scrapes";

    public const int AtOnce = 4;

    public const int Waiting = 8;

    private const string Groups = "collect[]";
    private const string Databases = "database";

    private const string TextType = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMethods("/metrics", [HttpMethods.Get, HttpMethods.Head], Scrape)
        .RequireRateLimiting(Policy)
        .AddEndpointFilter(new KnownParameters([Groups, Databases]))
        .WithName("metrics").WithSummary("Prometheus metrics")
        .WithDescription("Prometheus text 0.0.4, or OpenMetrics 1.0 where Accept prefers it; gzip where it is accepted. A scrape narrowed to databases has the node's own metrics only when collect[]=node asks for them.")
        .WithTags("metrics")
        .Produces<string>(StatusCodes.Status200OK, "text/plain", "application/openmetrics-text")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task Scrape(
        [FromQuery(Name = Groups), Description("Only these groups: system, database, query, error, sync, table, node. May be repeated.")] string[]? collect,
        [FromQuery(Name = Databases), Description("Only databases of these names. May be repeated.")] string[]? database,
        HttpContext context, Fleet fleet, CollectorRegistry registry, CancellationToken cancellation)
    {
        var selection = new ExpositionSelection([.. Choice.Of(Groups, collect, Enum.GetValues<MetricGroup>())], [.. database ?? []]);
        var snapshot = await fleet.SnapshotAsync(cancellation);
        var format = Negotiate(context.Request);
        // Small, and first: if it fails the scrape is an error and not half a document.
        var own = await OwnAsync(selection, registry, format, cancellation);

        var response = context.Response;
        response.ContentType = format == ExpositionFormat.OpenMetricsText ? OpenMetricsType : TextType;
        response.Headers.Vary = "Accept, Accept-Encoding";
        var gzip = AcceptsGzip(context.Request);
        if (gzip) response.Headers.ContentEncoding = "gzip";
        if (HttpMethods.IsHead(context.Request.Method)) return;

        using var writer = new ExpositionWriter(snapshot, selection, format);
        if (gzip)
        {
            // At 20 MB any better level would cost more than all the rest of the scrape.
            await using var compressed = new GZipStream(response.Body, CompressionLevel.Fastest);
            var output = PipeWriter.Create(compressed, new StreamPipeWriterOptions(leaveOpen: true));
            await WriteAsync(writer, own, output, cancellation);
            await output.CompleteAsync();
        }
        else
        {
            await WriteAsync(writer, own, response.BodyWriter, cancellation);
        }
    }

    private static async Task WriteAsync(ExpositionWriter writer, ReadOnlyMemory<byte> own, PipeWriter output, CancellationToken cancellation)
    {
        await writer.WriteAsync(output, cancellation);
        await output.WriteAsync(own, cancellation);
    }

    /// <summary>The node's part, with the end of an OpenMetrics document, which stands there once whatever was chosen.</summary>
    private static async Task<ReadOnlyMemory<byte>> OwnAsync(ExpositionSelection selection, CollectorRegistry registry, ExpositionFormat format, CancellationToken cancellation)
    {
        if (!selection.IncludesNode) return format == ExpositionFormat.OpenMetricsText ? "# EOF\n"u8.ToArray() : ReadOnlyMemory<byte>.Empty;
        var own = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(own, format, cancellation);
        return own.GetBuffer().AsMemory(0, (int)own.Length);
    }

    /// <summary>OpenMetrics only for those who name it and do not like plain text better: everything reads the older format.</summary>
    private static ExpositionFormat Negotiate(HttpRequest request)
    {
        double open = 0, text = 0;
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)) return ExpositionFormat.PrometheusText;
        foreach (var type in accepted)
        {
            var quality = type.Quality ?? 1;
            if (type.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) && IsVersionOne(type)) open = Math.Max(open, quality);
            if (type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)) text = Math.Max(text, quality);
        }

        return open > 0 && open >= text ? ExpositionFormat.OpenMetricsText : ExpositionFormat.PrometheusText;
    }

    private static bool IsVersionOne(MediaTypeHeaderValue type)
    {
        var version = type.Parameters.FirstOrDefault(p => p.Name.Equals("version", StringComparison.OrdinalIgnoreCase));
        return version is null || HeaderUtilities.RemoveQuotes(version.Value).Equals("1.0.0", StringComparison.Ordinal);
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var encodings)
        && encodings.Any(e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && e.Quality is null or > 0);
}
