using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using ClickHouse.Driver.Compression;

namespace ClickHouseLocal;

/// <summary>A statement as it came over HTTP, taken apart by the rules of ClickHouse's HTTP interface.</summary>
/// <param name="Text">The statement, with its data if it is an INSERT.</param>
/// <param name="Settings">Settings of the engine; those named <c>param_x</c> are what it puts in for <c>{x:Type}</c>.</param>
internal sealed record Request(byte[] Text, Dictionary<string, string> Settings)
{
    // Arguments that are not settings of the engine, or that the HTTP layer itself answers.
    private static readonly HashSet<string> Reserved =
    [
        "query", "default_format", "database", "query_id", "user",
        "password", "quota_key", "stacktrace", "compress", "decompress", "role", "wait_end_of_query", "buffer_size",
        "client_protocol_version", "enable_http_compression", "http_zlib_compression_level",
    ];

    public static async Task<Request> ReadAsync(HttpContext http)
    {
        var arguments = http.Request.Query.ToDictionary(a => a.Key, a => a.Value.ToString());
        using var body = new MemoryStream();

        // Only multipart: curl sends every --data body as application/x-www-form-urlencoded, and ClickHouse takes that as plain SQL.
        if (http.Request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
        {
            foreach (var field in await http.Request.ReadFormAsync())
                arguments[field.Key] = field.Value.ToString();
        }
        else
        {
            await using var decoded = Decode(http.Request.Body, http.Request.Headers.ContentEncoding.ToString());
            await decoded.CopyToAsync(body, http.RequestAborted);
        }

        var query = Encoding.UTF8.GetBytes(arguments.GetValueOrDefault("query", ""));
        byte[] text = query.Length == 0 ? body.ToArray() : body.Length == 0 ? query : [.. query, (byte)'\n', .. body.ToArray()];
        return new Request(text, arguments.Where(a => !Reserved.Contains(a.Key)).ToDictionary());
    }

    /// <summary>User and password, from wherever the client put them; the user is null when it put none.</summary>
    public static (string? User, string Password) Credentials(HttpContext http)
    {
        if (http.Request.Headers.TryGetValue("X-ClickHouse-User", out var user))
            return (user.ToString(), http.Request.Headers["X-ClickHouse-Key"].ToString());
        if (AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header) && header is { Scheme: "Basic", Parameter: { } basic })
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(basic)).Split(':', 2);
            return (pair[0], pair.Length > 1 ? pair[1] : "");
        }

        return http.Request.Query.TryGetValue("user", out user) ? (user.ToString(), http.Request.Query["password"].ToString()) : (null, "");
    }

    public static Stream Encode(Stream target, string encoding) => encoding switch
    {
        "zstd" => ZstdCompressor.Default.Compress(target, leaveOpen: true),
        "lz4" => Lz4Compressor.Default.Compress(target, leaveOpen: true),
        "br" => new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true),
        "gzip" => new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true),
        _ => new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true),
    };

    private static Stream Decode(Stream body, string encoding) => encoding.Trim().ToLowerInvariant() switch
    {
        "" or "identity" => body,
        "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        "zstd" => ZstdCompressor.Default.Decompress(body, leaveOpen: true),
        "lz4" => Lz4Compressor.Default.Decompress(body, leaveOpen: true),
        var unknown => throw new NotSupportedException($"Unknown compression method {unknown}"),
    };
}
