using DuckDB.NET.Data;

namespace DuckMesh.History.Embedded;

/// <summary>Statements with parameters. What an outsider named is only ever a parameter.</summary>
internal static class Sql
{
    /// <returns>How many rows were changed.</returns>
    public static int Execute(this DuckDBConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static List<T> Read<T>(this DuckDBConnection connection, string sql, Func<DuckDBDataReader, T> row, CancellationToken cancellation, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        using var interrupt = cancellation.Register(command.Cancel);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(row(reader));
        cancellation.ThrowIfCancellationRequested();
        return rows;
    }

    /// <summary>The engine's time for Unix seconds.</summary>
    public static DateTime Time(long seconds) => DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond);

    private static DuckDBCommand Command(this DuckDBConnection connection, string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // every text is a constant of this assembly, or one with a number in it
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters) command.Parameters.Add(new DuckDBParameter(name, value));
        return command;
    }
}
