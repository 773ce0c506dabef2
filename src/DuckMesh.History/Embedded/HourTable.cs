using DuckDB.NET.Data;

namespace DuckMesh.History.Embedded;

/// <summary>
/// Which hours have samples, and which of them the rollup has taken over. An hour that is still open is answered from its samples; one that was rolled up gets what comes
/// late added to the rollup in the same transaction. So each sample counts once, whatever comes when.
/// </summary>
internal sealed class HourTable
{
    public const int Seconds = 3_600;

    private readonly Dictionary<long, bool> _rolled = [];
    private readonly List<long> _new = [];

    public void Load(DuckDBConnection connection)
    {
        foreach (var (hour, rolled) in connection.Read("SELECT epoch_us(hour) // 1000000, rolled FROM hours", row => (row.GetInt64(0), row.GetBoolean(1)), CancellationToken.None)) _rolled[hour] = rolled;
    }

    public static long HourOf(long at) => at / Seconds * Seconds;

    /// <summary>Whether an hour was rolled up already; one that is seen for the first time is open.</summary>
    public bool IsRolled(long hour)
    {
        if (_rolled.TryGetValue(hour, out var rolled)) return rolled;
        _rolled[hour] = false;
        _new.Add(hour);
        return false;
    }

    public void WriteNew(DuckDBConnection connection)
    {
        foreach (var hour in _new) connection.Execute("INSERT INTO hours VALUES ($hour, false)", ("hour", Sql.Time(hour)));
        _new.Clear();
    }

    /// <summary>The open hours that begin before a time, oldest first.</summary>
    public List<long> Open(long before) => [.. _rolled.Where(hour => !hour.Value && hour.Key < before).Select(hour => hour.Key).Order()];

    public void MarkRolled(DuckDBConnection connection, long hour)
    {
        connection.Execute("UPDATE hours SET rolled = true WHERE hour = $hour", ("hour", Sql.Time(hour)));
        _rolled[hour] = true;
    }

    public void Delete(DuckDBConnection connection, long before)
    {
        connection.Execute("DELETE FROM hours WHERE hour < $before", ("before", Sql.Time(before)));
        foreach (var hour in _rolled.Keys.Where(hour => hour < before).ToList()) _rolled.Remove(hour);
    }
}
