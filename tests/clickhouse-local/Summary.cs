namespace ClickHouseLocal;

/// <summary>What a statement did, as the header <c>X-ClickHouse-Summary</c> tells it.</summary>
internal sealed record Summary(ulong ReadRows, ulong ReadBytes, ulong WrittenRows, ulong WrittenBytes, ulong ResultRows, ulong ElapsedNs)
{
    public string ToJson(int resultBytes) =>
        $"{{\"read_rows\":\"{ReadRows}\",\"read_bytes\":\"{ReadBytes}\",\"written_rows\":\"{WrittenRows}\",\"written_bytes\":\"{WrittenBytes}\"," +
        $"\"total_rows_to_read\":\"0\",\"result_rows\":\"{ResultRows}\",\"result_bytes\":\"{resultBytes}\",\"elapsed_ns\":\"{ElapsedNs}\"}}";
}
