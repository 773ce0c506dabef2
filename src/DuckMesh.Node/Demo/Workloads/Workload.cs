using System.Data.Common;
using DuckDB.NET.Data;

namespace DuckMesh.Node.Demo.Workloads;

/// <summary>What a sample owner does with its database, step by step.</summary>
internal abstract class Workload : IDisposable
{
    private readonly DuckDBConnection _connection;

    /// <param name="settings">Of DuckDB, as in a connection string.</param>
    protected Workload(string database, string settings)
    {
        // Through a builder: a path may hold what a connection string means something by.
        var connection = new DbConnectionStringBuilder { ConnectionString = $"threads=1;{settings}" };
        connection.Add("Data Source", database);
        _connection = new DuckDBConnection(connection.ConnectionString);
        _connection.Open();
    }

    /// <summary>Between two steps. Set so that a gentle sample uses a few hundredths of a core.</summary>
    public abstract TimeSpan Pause { get; }

    public abstract void Step();

    public void Dispose() => _connection.Dispose();

    public static Workload Of(Sample sample, string folder)
    {
        var database = sample.DatabaseIn(folder);
        return sample switch
        {
            _ when sample == Sample.Orders => new Orders(database),
            _ when sample == Sample.Archive => new Archive(database),
            _ when sample == Sample.Events => new Events(database),
            _ when sample == Sample.Reports => new Reports(database, DemoSettings.HoardBytes),
            _ when sample == Sample.Flaky => new Flaky(database),
            _ => throw new ArgumentException($"{sample.Name} has no workload here", nameof(sample)),
        };
    }

    protected void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
