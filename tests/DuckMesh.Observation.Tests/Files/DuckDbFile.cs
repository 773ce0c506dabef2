using System.Globalization;
using DuckDB.NET.Data;

namespace DuckMesh.Observation.Tests.Files;

/// <summary>
/// Makes real database files with the DuckDB that this process has. It is closed again before anything looks at the file: a process must not read as a plain
/// file what it has open as a database. Its log stays: DuckDB is told not to checkpoint when it closes.
/// </summary>
internal static class DuckDbFile
{
    /// <param name="options">Of ATTACH, such as <c>STORAGE_VERSION 'v1.5.0'</c>.</param>
    /// <param name="statements">The database is called d.</param>
    /// <returns>Total, used and free blocks as DuckDB counts them at the end.</returns>
    public static (long Total, long Used, long Free) Write(string path, string? options, params string[] statements)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Run(connection, "SET checkpoint_threshold='1TB'");
        Run(connection, "PRAGMA disable_checkpoint_on_shutdown");
        Run(connection, "SET force_mbedtls_unsafe=true");     // lets an encrypted database be written without an extension from the network
        Run(connection, $"ATTACH '{path}' AS d {(options is null ? "" : $"({options})")}");
        Run(connection, "USE d");
        foreach (var statement in statements) Run(connection, statement);
        var blocks = Count(connection);
        Run(connection, "USE memory");
        Run(connection, "DETACH d");
        return blocks;
    }

    /// <summary>Lets a checkpoint fail at a point of <c>debug_checkpoint_abort</c>, as a crash there would, and leaves the files behind.</summary>
    public static void AbortCheckpoint(string path, string at, params string[] statements)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Run(connection, "SET checkpoint_threshold='1TB'");
        Run(connection, "PRAGMA disable_checkpoint_on_shutdown");
        Run(connection, $"ATTACH '{path}' AS d");
        foreach (var statement in statements) Run(connection, statement);
        Run(connection, $"SET debug_checkpoint_abort='{at}'");
        Assert.ThrowsAny<DuckDBException>(() => Run(connection, "CHECKPOINT d"));
    }

    private static void Run(DuckDBConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    private static (long Total, long Used, long Free) Count(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT total_blocks, used_blocks, free_blocks FROM pragma_database_size() WHERE database_name = 'd'";
        using var rows = command.ExecuteReader();
        Assert.True(rows.Read());
        return (Value(0), Value(1), Value(2));

        long Value(int column) => Convert.ToInt64(rows.GetValue(column), CultureInfo.InvariantCulture);
    }
}
