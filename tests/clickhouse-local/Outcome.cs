using System.Globalization;
using System.Text.RegularExpressions;

namespace ClickHouseLocal;

/// <summary>What a statement gave: a body, or the engine's error text.</summary>
internal sealed partial record Outcome(byte[] Body, string? Error, Summary Summary)
{
    // ClickHouse's exceptionCodeToHTTPStatus, by error name; what is not named here is 500.
    private static readonly Dictionary<int, string[]> NamesByStatus = new()
    {
        [400] =
        [
            "BAD_ARGUMENTS", "CANNOT_COMPILE_REGEXP", "CANNOT_PARSE_TEXT", "CANNOT_PARSE_ESCAPE_SEQUENCE", "CANNOT_PARSE_QUOTED_STRING",
            "CANNOT_PARSE_DATE", "CANNOT_PARSE_DATETIME", "CANNOT_PARSE_NUMBER", "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING",
            "CANNOT_PARSE_IPV4", "CANNOT_PARSE_IPV6", "CANNOT_PARSE_INPUT_ASSERTION_FAILED", "CANNOT_PARSE_UUID", "DUPLICATE_COLUMN",
            "ILLEGAL_COLUMN", "UNKNOWN_ELEMENT_IN_AST", "UNKNOWN_TYPE_OF_AST_NODE", "THERE_IS_NO_COLUMN", "TOO_DEEP_AST", "TOO_BIG_AST",
            "UNEXPECTED_AST_STRUCTURE", "SYNTAX_ERROR", "INCORRECT_DATA", "TYPE_MISMATCH", "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
        ],
        [401] = ["REQUIRED_PASSWORD"],
        [403] = ["UNKNOWN_USER", "WRONG_PASSWORD", "AUTHENTICATION_FAILED", "SET_NON_GRANTED_ROLE", "ACCESS_DENIED"],
        [404] =
        [
            "UNKNOWN_TABLE", "UNKNOWN_FUNCTION", "UNKNOWN_IDENTIFIER", "UNKNOWN_TYPE", "UNKNOWN_STORAGE", "UNKNOWN_DATABASE",
            "UNKNOWN_SETTING", "UNKNOWN_DIRECTION_OF_SORTING", "UNKNOWN_AGGREGATE_FUNCTION", "UNKNOWN_FORMAT",
            "UNKNOWN_DATABASE_ENGINE", "UNKNOWN_TYPE_OF_QUERY", "UNKNOWN_ROLE",
        ],
        [408] = ["TIMEOUT_EXCEEDED"],
        [413] = ["QUERY_IS_TOO_LARGE"],
        [501] = ["NOT_IMPLEMENTED"],
        [503] = ["SOCKET_TIMEOUT", "CANNOT_OPEN_FILE", "CANNOT_SCHEDULE_TASK"],
    };

    private static readonly Dictionary<string, int> StatusByName =
        NamesByStatus.SelectMany(s => s.Value.Select(name => (name, s.Key))).ToDictionary(s => s.name, s => s.Key);

    public int Code => Error is not null && CodePattern().Match(Error) is { Success: true } m ? int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;

    public int Status => Error is null ? 200 : StatusByName.GetValueOrDefault(NamePattern().Match(Error).Groups[1].Value, 500);

    public static Outcome Failed(string error) => new([], error, new Summary(0, 0, 0, 0, 0, 0));

    public static Outcome Failed(int code, string name, string message) => Failed($"Code: {code}. DB::Exception: {message}. ({name})");

    [GeneratedRegex(@"^Code: (\d+)\.")]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"\(([A-Z][A-Z0-9_]+)\)(?: \(version [^)]*\))?\s*$")]
    private static partial Regex NamePattern();
}
