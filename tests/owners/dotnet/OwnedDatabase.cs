using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;

namespace DuckMesh.Owner;

/// <summary>One database, held by one connection. Counts what it does, so that a test can compare.</summary>
internal sealed class OwnedDatabase : IOwned
{
    private readonly string _connectionString;
    private readonly bool _readOnly;
    private DuckDBConnection? _connection;
    private long _commits;
    private long _checkpoints;
    private long _rows;

    private OwnedDatabase(string path, bool readOnly)
    {
        _readOnly = readOnly;
        // The threshold keeps DuckDB from checkpointing by itself, so that our counts are exact.
        _connectionString = $"Data Source={path}" + (readOnly ? ";access_mode=READ_ONLY" : ";checkpoint_threshold=1TB");
    }

    public static OwnedDatabase Open(string path, bool readOnly)
    {
        var database = new OwnedDatabase(path, readOnly);
        database.Open();
        return database;
    }

    public JsonObject Do(JsonObject command) => (string?)command["do"] switch
    {
        "open" => Open(),
        "close" => Close(),
        "commits" => Inserts((int)command["n"]!),
        "bulk" => Bulk((long)command["rows"]!),
        "delete" => Delete((int)command["every"]!),
        "checkpoint" => Checkpoint(),
        "size" => Size(),
        "latency" => Latency((int)command["n"]!, (int?)command["pauseMs"] ?? 0),
        var other => throw new ArgumentException(
            $"no command '{other}'; known: open, close, commits, bulk, delete, checkpoint, size, latency"),
    };

    public void Dispose() => Close();

    private JsonObject Open()
    {
        _connection = new DuckDBConnection(_connectionString);
        _connection.Open();
        _commits = 0;
        if (_readOnly)
            return [];
        if (Scalar("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'work'") == 0)
            Commit("CREATE TABLE work (i BIGINT, note VARCHAR)");
        _rows = Scalar("SELECT coalesce(max(i), 0) FROM work");
        return [];
    }

    private JsonObject Close()
    {
        _connection?.Dispose();
        _connection = null;
        return [];
    }

    private JsonObject Inserts(int count)
    {
        for (var done = 0; done < count; done++)
            Insert();
        return new JsonObject { ["commits"] = _commits };
    }

    private void Insert()
    {
        _rows++;
        Commit(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO work VALUES ({_rows}, 'row {_rows}')"));
    }

    private JsonObject Bulk(long rows)
    {
        Commit(string.Create(CultureInfo.InvariantCulture,
            $"INSERT INTO work SELECT i, md5(i::VARCHAR) FROM range({_rows + 1}, {_rows + rows + 1}) r(i)"));
        _rows += rows;
        return new JsonObject { ["commits"] = _commits };
    }

    private JsonObject Delete(int every)
    {
        Commit(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM work WHERE i % {every} = 0"));
        return new JsonObject { ["commits"] = _commits };
    }

    private JsonObject Checkpoint()
    {
        Run("CHECKPOINT");
        _commits = 0;
        _checkpoints++;
        return new JsonObject { ["checkpoints"] = _checkpoints };
    }

    private JsonObject Size()
    {
        using var command = Command("PRAGMA database_size");
        using var row = command.ExecuteReader();
        row.Read();
        long Number(string column) => Convert.ToInt64(row[column], CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["blockSize"] = Number("block_size"),
            ["totalBlocks"] = Number("total_blocks"),
            ["usedBlocks"] = Number("used_blocks"),
            ["freeBlocks"] = Number("free_blocks"),
            ["walSize"] = (string)row["wal_size"],
            ["commits"] = _commits,
            ["checkpoints"] = _checkpoints,
        };
    }

    private JsonObject Latency(int count, int pause)
    {
        var took = new double[count];
        for (var done = 0; done < count; done++)
        {
            var start = Stopwatch.GetTimestamp();
            Insert();
            took[done] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            Thread.Sleep(pause);
        }
        Array.Sort(took);
        double At(double share) => Math.Round(took[Math.Min(count - 1, (int)(count * share))]);
        return new JsonObject { ["p50"] = At(0.5), ["p95"] = At(0.95), ["max"] = At(1), ["commits"] = _commits };
    }

    private void Commit(string sql)
    {
        Run(sql);
        _commits++;
    }

    private void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private long Scalar(string sql)
    {
        using var command = Command(sql);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private DuckDBCommand Command(string sql)
    {
        var command = (_connection ?? throw new InvalidOperationException("the database is closed; send {\"do\":\"open\"} first")).CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
