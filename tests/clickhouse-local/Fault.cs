using System.Text;

namespace ClickHouseLocal;

/// <summary>What a test told the server to do wrong. See README.md, "Faults".</summary>
internal sealed record Fault(int DelayMs, int Status, int Code, string? Body, string? Drop, string? Match)
{
    private const int MatchedBytes = 4096;

    public bool Fits(ReadOnlySpan<byte> sql) =>
        Match is null || Encoding.UTF8.GetString(sql[..Math.Min(sql.Length, MatchedBytes)]).Contains(Match, StringComparison.OrdinalIgnoreCase);
}
