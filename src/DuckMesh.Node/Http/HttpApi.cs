using System.Threading.RateLimiting;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Gathering;
using DuckMesh.Node.Http.Gathering;
using DuckMesh.Node.Http.History;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Prometheus;

namespace DuckMesh.Node.Http;

/// <summary>
/// The node's HTTP side. Asks of the container: <see cref="Fleet"/>, <see cref="OtherNodes"/>, <see cref="ClusterNodes"/>, <see cref="HistoryReader"/>, <see cref="ThisNode"/>, <see cref="MonitorSettings"/>, <see cref="NodeStatus"/>,
/// <see cref="TimeProvider"/> and prometheus-net's registry.
/// </summary>
internal static class HttpApi
{
    /// <summary>Long enough for a scrape of the largest fleet over a slow line, short enough that a stuck reader does not hold a place.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10);

    /// <summary>An id holds a path of up to 4,096 bytes, each at worst written %5CxNN.</summary>
    private const int MostRequestLine = 32 * 1024;

    private const int MostConnections = 256;

    /// <summary>No endpoint takes a body.</summary>
    private const int MostBody = 16 * 1024;

    public static void AddHttpApi(this IServiceCollection services)
    {
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestLineSize = MostRequestLine;
            kestrel.Limits.MaxRequestBodySize = MostBody;
            kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
        });
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        DatabasesEndpoint.AddQuestions(services);
        AlertsEndpoint.AddQuestions(services);
        RulesEndpoint.AddQuestions(services);
        ClusterEndpoint.AddQuestions(services);
        HistoryEndpoint.AddQuestions(services);
        TimelineEndpoint.AddQuestions(services);
        services.AddSingleton<AnswerQuestion>(NodeQuestions.Answering);
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = AnswerWithin, TimeoutStatusCode = StatusCodes.Status504GatewayTimeout });
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status503ServiceUnavailable;
            limiter.AddConcurrencyLimiter(MetricsEndpoint.Policy, scrapes =>
            {
                scrapes.PermitLimit = MetricsEndpoint.AtOnce;
                scrapes.QueueLimit = MetricsEndpoint.Waiting;
                scrapes.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
            });
        });
        services.AddOpenApi("v1", openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "DuckMesh";
            document.Info.Version = ThisNode.Version;
            document.Info.Description = "DuckDB databases as seen from outside. Times are RFC 3339 in UTC, durations seconds, sizes bytes; a field that can't be known is null. "
                + "Errors are RFC 9457 problem details whose detail says what to try.";
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));
    }

    public static void MapHttpApi(this WebApplication app)
    {
        ProcessMetrics.Register(app.Services.GetRequiredService<CollectorRegistry>());
        app.Use(SecurityHeaders.InvokeAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Problems.OfExceptionAsync,
            SuppressDiagnosticsCallback = context => Problems.IsAnswer(context.Exception),
        });
        app.UseStatusCodePages(Problems.OfStatusAsync);
        app.Use(LoopbackGuard.InvokeAsync);
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseRateLimiter();

        HomePage.Map(app);
        MetricsEndpoint.Map(app);
        HealthEndpoint.Map(app);
        var api = app.MapGroup("").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        DatabasesEndpoint.Map(api);
        AlertsEndpoint.Map(api);
        RulesEndpoint.Map(api);
        ClusterEndpoint.Map(api);
        HistoryEndpoint.Map(api);
        TimelineEndpoint.Map(api);
        ServiceDiscoveryEndpoint.Map(app);
        app.MapOpenApi("/openapi/v1.json");
    }
}
