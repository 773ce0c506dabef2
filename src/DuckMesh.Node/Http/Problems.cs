using System.Text.Json;
using System.Text.RegularExpressions;
using DuckMesh.Node.Http.History;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace DuckMesh.Node.Http;

/// <summary>Errors as RFC 9457 problem details, whatever the caller accepts; the detail says what to try.</summary>
internal static partial class Problems
{
    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status, title: ReasonPhrases.GetReasonPhrase(status));

    /// <summary>For answers that have a status but no body: unknown paths, wrong methods, a full queue.</summary>
    public static Task OfStatusAsync(StatusCodeContext context)
    {
        var request = context.HttpContext.Request;
        var response = context.HttpContext.Response;
        var detail = response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is nothing at {request.Path}. /openapi/v1.json lists what there is.",
            StatusCodes.Status405MethodNotAllowed => $"{request.Method} is not possible here, {response.Headers.Allow} is. /openapi/v1.json describes the API.",
            StatusCodes.Status503ServiceUnavailable => "Too many requests at once. Ask again in some seconds, or less often.",
            StatusCodes.Status504GatewayTimeout => "The answer took too long. Ask for less: narrow /metrics by collect[] or database, lists by limit.",
            _ => "The request can't be understood. /openapi/v1.json describes what can be asked.",
        };
        return Of(response.StatusCode, detail).ExecuteAsync(context.HttpContext);
    }

    public static Task OfExceptionAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (error is FleetUnavailableException) context.Response.Headers.RetryAfter = "5";
        var problem = error switch
        {
            BadQueryException e => Of(StatusCodes.Status400BadRequest, e.Message),
            BadHttpRequestException e => Of(e.StatusCode, $"{Unbound().Replace(e.Message, Named)} /openapi/v1.json describes what can be asked."),
            HistoryUnavailableException e => Of(StatusCodes.Status503ServiceUnavailable, e.Message),
            FleetUnavailableException e => Of(StatusCodes.Status503ServiceUnavailable, e.Message),
            _ => Of(StatusCodes.Status500InternalServerError, $"A defect of the node. Its log says more: look for the request {context.TraceIdentifier}."),
        };
        return problem.ExecuteAsync(context);
    }

    /// <summary>The framework names the parameter by its .NET type and property.</summary>
    private static string Named(Match unbound) => $"{JsonNamingPolicy.CamelCase.ConvertName(unbound.Groups["name"].Value)}: '{unbound.Groups["value"].Value}' is not possible; a number is.";

    [GeneratedRegex("""^Failed to bind parameter "(Nullable<)?int>? (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex Unbound();

    /// <summary>What a caller did wrong, or that the exporter is late, is an answer and no defect: only defects are logged.</summary>
    public static bool IsAnswer(Exception error) => error is BadQueryException or BadHttpRequestException or FleetUnavailableException or HistoryUnavailableException;
}
