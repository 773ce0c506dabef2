using DuckDB.NET.Data;

namespace DuckMesh.History.Embedded;

/// <summary>The file of an embedded store: how it is opened, and what its errors mean.</summary>
internal sealed class HistoryFile
{
    /// <summary>One thread works for each query, the caller's own: a monitor must not take the machine that it watches.</summary>
    private const string Threads = "1";

    /// <summary>What the engine may keep in memory; what does not fit is spilled beside the file. A fleet of 1,000 databases is written with a tenth of it.</summary>
    private const string Memory = "256MB";

    /// <summary>A query that needs more than this is refused rather than let fill the disk.</summary>
    private const string Spill = "2GB";

    private readonly string _path;
    private readonly string _connection;

    public HistoryFile(string path)
    {
        _path = path;
        _connection = new DuckDBConnectionStringBuilder
        {
            DataSource = path,
            ["threads"] = Threads,
            ["memory_limit"] = Memory,
            ["max_temp_directory_size"] = Spill,
            // Nothing but this file is read or written, and nothing is fetched, whatever a statement says.
            ["enable_external_access"] = "false",
            ["autoinstall_known_extensions"] = "false",
            ["autoload_known_extensions"] = "false",
            ["lock_configuration"] = "true",
        }.ConnectionString;
    }

    /// <summary>Connections of one process to one file share an engine; each is for one caller at a time.</summary>
    public DuckDBConnection Open()
    {
        var connection = new DuckDBConnection(_connection);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The engine gives no code that can be relied on: the beginning of its text names the kind, and some texts are told apart by what they say.</summary>
    public HistoryException FaultOf(DuckDBException error)
    {
        var text = error.Message;
        bool Says(string what) => text.Contains(what, StringComparison.OrdinalIgnoreCase);
        if (Says("database file with version number")) return Fault(HistoryFault.Newer, "was written by a newer DuckDB: start the newer DuckMesh, or name another data folder");
        if (Says("Conflicting lock")) return Fault(HistoryFault.Refused, $"is held by another process: stop it, or name another data folder; {FirstLine(text)}");
        if (Says("not a valid DuckDB database file") || Says("Corrupt database file"))
            return Fault(HistoryFault.Refused, $"is damaged or no history: move it away, and a new one is made; {FirstLine(text)}");
        if (Says("Permission denied") || Says("Read-only file system") || Says("Is a directory") || Says("Not a directory")) return Fault(HistoryFault.Refused, $"can't be opened: give this user write access to it and its folder; {FirstLine(text)}");
        if (text.StartsWith("Catalog Error", StringComparison.Ordinal) || text.StartsWith("Binder Error", StringComparison.Ordinal)) return Fault(HistoryFault.Schema, $"lacks a table: {FirstLine(text)}");
        return Fault(HistoryFault.Unavailable, $"failed: {FirstLine(text)}");

        HistoryException Fault(HistoryFault fault, string what) => new(fault, $"the history file {_path} {what}", error);
    }

    public HistoryException Newer(int version, int known) =>
        new(HistoryFault.Newer, $"the history file {_path} has schema version {version}, this DuckMesh knows {known}: it was written by a newer one; start that, or name another data folder");

    public HistoryException NoSchema() => new(HistoryFault.Schema, $"the history file {_path} has no tables yet: run the migration");

    private static string FirstLine(string text) => text.AsSpan().Trim().ToString().Split('\n')[0].TrimEnd();
}
