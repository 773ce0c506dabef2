using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DuckMesh.History.ClickHouse;

/// <summary>Where a ClickHouse is and who we are there. As text it has no password.</summary>
/// <param name="Database">Made by the first migration if it is missing and the user may.</param>
public sealed partial record ClickHouseAddress(string Scheme, string Host, int Port, string User, string Password, string Database)
{
    public const string DefaultDatabase = "duckmesh";

    /// <summary>ClickHouse's own name for the user that a new server has.</summary>
    private const string DefaultUser = "default";

    // Ports of ClickHouse's HTTP interface, plain and with TLS; not those of the web.
    private const int HttpPort = 8123;
    private const int HttpsPort = 8443;

    private const string Form = "http(s)://user:password@host:8123/database";

    /// <summary>Reads <c>http(s)://user:password@host:8123/database</c>; all but the host may be left out, and what is not plain is percent-encoded.</summary>
    /// <param name="mistake">What is wrong and what is right; never with a password.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ClickHouseAddress? address, [NotNullWhen(false)] out string? mistake)
    {
        address = null;
        mistake = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            mistake = $"not an address of the form {Form}; '@', ':' and '/' in a password are written %40, %3A and %2F";
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            mistake = $"nothing may follow the database in {Form}; '?' and '#' in a password are written %3F and %23";
        else if (uri.AbsolutePath.Trim('/') is { Length: > 0 } path && !DatabaseName().IsMatch(path))
            mistake = $"a database's name has letters, digits, '_' and '-' and begins with no digit, as in {Form}";
        else
            address = From(uri);
        return address is not null;
    }

    /// <summary>Without user and password.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Bracketed}:{Port}/{Database}");

    private string Bracketed => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    private static ClickHouseAddress From(Uri uri)
    {
        var credentials = uri.UserInfo.Split(':', 2);
        // Uri reports the web's port when none is written.
        var written = WrittenPort().IsMatch(uri.OriginalString);
        return new ClickHouseAddress(
            uri.Scheme,
            uri.IdnHost,
            written ? uri.Port : uri.Scheme == "https" ? HttpsPort : HttpPort,
            credentials[0].Length > 0 ? Uri.UnescapeDataString(credentials[0]) : DefaultUser,
            credentials.Length > 1 ? Uri.UnescapeDataString(credentials[1]) : "",
            uri.AbsolutePath.Trim('/') is { Length: > 0 } database ? database : DefaultDatabase);
    }

    [GeneratedRegex(@"\A[A-Za-z_][\w-]{0,127}\z", RegexOptions.ECMAScript)]
    private static partial Regex DatabaseName();

    [GeneratedRegex(@"\Ahttps?://([^/]*@)?[^/@]*:[0-9]+(/|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex WrittenPort();
}
