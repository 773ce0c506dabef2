using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace ClickHouseLocal;

/// <summary>ClickHouse's HTTP interface over the embedded engine.</summary>
internal sealed partial class HttpInterface(Options options, Faults faults, string timeZone)
{
    private const string DefaultFormat = "TabSeparated";

    private static readonly string[] Encodings = ["zstd", "br", "lz4", "gzip", "deflate"];

    public async Task HandleAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) && http.Request.Query.Count == 0)
        {
            await http.Response.WriteAsync("Ok.\n");
            return;
        }

        Request request;
        try
        {
            request = await Request.ReadAsync(http);
        }
        catch (NotSupportedException e)
        {
            await AnswerAsync(http, Outcome.Failed(89, "UNKNOWN_COMPRESSION_METHOD", e.Message), DefaultFormat, false);
            return;
        }

        var fault = faults.For(request.Text);
        if (fault is { DelayMs: > 0 })
            await Task.Delay(fault.DelayMs, http.RequestAborted);
        if (fault is { Drop: "before" })
        {
            http.Abort();
            return;
        }

        if (fault is { Status: > 0 })
        {
            http.Response.StatusCode = fault.Status;
            if (fault.Code > 0)
                http.Response.Headers["X-ClickHouse-Exception-Code"] = fault.Code.ToString();
            await http.Response.WriteAsync(fault.Body ?? (fault.Code > 0 ? $"Code: {fault.Code}. DB::Exception: Told to fail. (FAULT)\n" : ""));
            return;
        }

        // The engine call blocks its thread for as long as the statement runs.
        var (outcome, format) = await Task.Factory.StartNew(() => Run(http, request), TaskCreationOptions.LongRunning);
        if (fault is { Drop: "after" })
            http.Abort();
        else
            await AnswerAsync(http, outcome, format, fault is { Drop: "half" });
    }

    private (Outcome Outcome, string Format) Run(HttpContext http, Request request)
    {
        var query = http.Request.Query;
        var format = First(query["default_format"], http.Request.Headers["X-ClickHouse-Format"]) ?? DefaultFormat;
        var (user, password) = Request.Credentials(http);
        if ((user ?? "default") != options.User || password != options.Password)
        {
            return (Outcome.Failed(516, "AUTHENTICATION_FAILED",
                $"{user ?? "default"}: Authentication failed: password is incorrect, or there is no user with such name"), format);
        }

        // One for each request: opening it costs a fraction of a millisecond, and nothing of one request is left to the next.
        using var connection = new Connection(options.Data);
        if (First(query["database"], http.Request.Headers["X-ClickHouse-Database"]) is { } database
            && connection.Execute($"USE {Quote(database, '`')}") is { Error: not null } noDatabase)
        {
            return (noDatabase, format);
        }

        var settings = request.Settings.Select(s => $"{s.Key} = {Quote(s.Value, '\'')}").ToList();
        if (HttpMethods.IsGet(http.Request.Method))
            settings.Add("readonly = 2");
        if (settings.Count > 0 && connection.Execute($"SET {string.Join(", ", settings)}") is { Error: not null } noSetting)
            return (noSetting, format);

        if (InsertStatement.TrySplit(request.Text, out var head, out var dataFormat, out var data))
            return (connection.Insert(request.Text.AsSpan(0, head), dataFormat, request.Text.AsSpan(data)), format);
        if (connection.CountStatements(request.Text) > 1)
            return (Outcome.Failed(62, "SYNTAX_ERROR", "Multi-statements are not allowed"), format);
        var own = FormatClause().Match(Encoding.Latin1.GetString(request.Text));
        return (connection.Query(request.Text, format), own.Success ? own.Groups[1].Value : format);
    }

    private async Task AnswerAsync(HttpContext http, Outcome outcome, string format, bool half)
    {
        var response = http.Response;
        response.StatusCode = outcome.Status;
        response.ContentType = outcome.Error is not null ? "text/plain; charset=UTF-8"
            : format.StartsWith("JSON", StringComparison.Ordinal) ? "application/json; charset=UTF-8"
            : format.StartsWith("Tab", StringComparison.Ordinal) ? "text/tab-separated-values; charset=UTF-8"
            : "application/octet-stream";
        response.Headers["X-ClickHouse-Server-Display-Name"] = "clickhouse-local";
        response.Headers["X-ClickHouse-Query-Id"] = First(http.Request.Query["query_id"]) ?? Guid.NewGuid().ToString();
        response.Headers["X-ClickHouse-Timezone"] = timeZone;
        response.Headers["X-ClickHouse-Format"] = format;
        response.Headers["X-ClickHouse-Summary"] = outcome.Summary.ToJson(outcome.Body.Length);
        if (outcome.Error is not null)
            response.Headers["X-ClickHouse-Exception-Code"] = outcome.Code.ToString();

        ReadOnlyMemory<byte> body = outcome.Error is null ? outcome.Body : Encoding.UTF8.GetBytes(outcome.Error.TrimEnd() + "\n");
        var accepted = http.Request.Headers.AcceptEncoding.ToString();
        if (http.Request.Query["enable_http_compression"].ToString() is "1" or "true"
            && Encodings.FirstOrDefault(e => accepted.Contains(e, StringComparison.OrdinalIgnoreCase)) is { } encoding)
        {
            response.Headers.ContentEncoding = encoding;
            using var packed = new MemoryStream();
            await using (var encoder = Request.Encode(packed, encoding))
                await encoder.WriteAsync(body);
            body = packed.ToArray();
        }

        response.ContentLength = body.Length;
        await response.Body.WriteAsync(half ? body[..(body.Length / 2)] : body);
        if (half)
        {
            await response.Body.FlushAsync();
            http.Abort();
        }
    }

    private static string Quote(string text, char quote) => quote + text.Replace("\\", "\\\\").Replace($"{quote}", $"\\{quote}") + quote;

    private static string? First(params ReadOnlySpan<StringValues> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (!string.IsNullOrEmpty(candidate))
                return candidate.ToString();
        }

        return null;
    }

    [GeneratedRegex(@"\bFORMAT\s+(\w+)\s*(?:\bSETTINGS\b[^']*)?;?\s*$", RegexOptions.IgnoreCase | RegexOptions.RightToLeft)]
    private static partial Regex FormatClause();
}
