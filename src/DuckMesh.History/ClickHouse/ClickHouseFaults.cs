using System.Net.Http;
using System.Security.Authentication;
using ClickHouse.Driver;
using ClickHouse.Driver.Copy;

namespace DuckMesh.History.ClickHouse;

/// <summary>What an error of the driver means for the block that was sent, or the range that was asked.</summary>
internal static class ClickHouseFaults
{
    private const int LongestDetail = 300;

    /// <summary>
    /// What begins an error of ClickHouse itself. The driver takes the first number of any error page for a code, so it is believed only after this.
    /// </summary>
    private const string OwnError = "Code: ";

    public static HistoryException Of(Exception error, ClickHouseAddress address)
    {
        var (fault, advice) = Meaning(error);
        return new HistoryException(fault, $"ClickHouse at {address}: {Detail(error)}{(advice.Length > 0 ? "; " : "")}{advice}", error);
    }

    public static HistoryException TimedOut(TimeSpan deadline, ClickHouseAddress address) =>
        new(HistoryFault.Unavailable, $"ClickHouse at {address} did not answer within {deadline.TotalSeconds:0} s; is it overloaded?");

    private static (HistoryFault Fault, string Advice) Meaning(Exception error) => error switch
    {
        ClickHouseServerException own when own.Message.StartsWith(OwnError, StringComparison.Ordinal) => Meaning(own.ErrorCode),
        ClickHouseServerException => (HistoryFault.Unavailable, "is there a proxy in between?"),
        ClickHouseBulkCopySerializationException => (HistoryFault.Poison, ""),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => (HistoryFault.TooMany, "ask for a wider step, a shorter time or fewer series"),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => (HistoryFault.Unavailable, "check the name of the host"),
        HttpRequestException { InnerException: AuthenticationException } => (HistoryFault.Refused, "its certificate must be valid for this name and trusted by this host"),
        _ => (HistoryFault.Unavailable, ""),
    };

    /// <summary>
    /// By ClickHouse's ErrorCodes.cpp. What is not named here is tried again: sending a block again is always safe, giving one up never is.
    /// </summary>
    private static (HistoryFault Fault, string Advice) Meaning(int code) => code switch
    {
        // Unknown user, wrong and missing password, authentication failed.
        192 or 193 or 194 or 516 => (HistoryFault.Refused, "check user and password"),
        // Read-only, access denied, a setting that the profile forbids.
        164 or 497 or 452 => (HistoryFault.Refused, "the user needs the rights that docs/history.md lists"),
        // Bad arguments, unknown function, not implemented, unknown type, syntax, unknown codec, format and setting: none of it depends on the rows.
        36 or 46 or 48 or 50 or 62 or 432 or 73 or 115 => (HistoryFault.Refused, $"this needs ClickHouse {Migration.Oldest} or newer"),
        // Column, identifier, table, database missing; table dropped meanwhile.
        10 or 16 or 47 or 60 or 81 or 218 => (HistoryFault.Schema, ""),
        // Rows that end too early, can't be parsed, or are of another type.
        6 or 26 or 27 or 33 or 53 or 69 or 117 or 321 => (HistoryFault.Poison, ""),
        // More rows than asked for with max_result_rows.
        396 => (HistoryFault.TooMany, "ask for a wider step, a shorter time or fewer series"),
        // Time limit, only given to reads.
        159 => (HistoryFault.Unavailable, "ask for a shorter time or fewer series"),
        243 => (HistoryFault.Unavailable, "free space on its disk"),
        252 => (HistoryFault.Unavailable, "its merges are behind"),
        _ => (HistoryFault.Unavailable, ""),
    };

    /// <summary>The innermost message that says something, on one line.</summary>
    private static string Detail(Exception error)
    {
        var told = error is ClickHouseBulkCopySerializationException { InnerException: { } reason } ? reason.Message : error.Message;
        var line = string.Join(' ', told.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.', ';');
        return line.Length <= LongestDetail ? line : line[..LongestDetail] + "...";
    }
}
