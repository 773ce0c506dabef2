using Npgsql;

namespace DuckMesh.Cluster.Postgres;

/// <summary>
/// The PostgreSQL database that the nodes of a cluster share. A cluster has a schema of its own in it, named for the cluster: two clusters in one database never see
/// each other's rows. The password stays in here: no message, log line or setting of the actor system has it.
/// </summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>With the prefix it must fit into 63 bytes, PostgreSQL's longest name.</summary>
    public const int LongestClusterName = 50;

    private const string SchemaPrefix = "duckmesh_";

    /// <summary>Journal, snapshots and membership of one node; with ten nodes still below PostgreSQL's own limit of 100.</summary>
    private const int MostConnections = 8;

    /// <summary>Everything waits for it that a node promises, and it is asked again soon.</summary>
    private const int ConnectWithinSeconds = 4;

    private const int AnswerWithinSeconds = 8;

    private readonly string _place;

    /// <exception cref="ArgumentException">No connection string; the message does not repeat it.</exception>
    public PostgresDatabase(string connectionString, string clusterName)
    {
        var builder = Parse(connectionString);
        _place = $"{builder.Host}:{builder.Port}";
        ConnectionString = builder.ToString();
        SchemaName = SchemaPrefix + clusterName;
        Source = new NpgsqlDataSourceBuilder(ConnectionString) { Name = "duckmesh" }.Build();
    }

    /// <summary>With the password: for the journal's driver only.</summary>
    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public string SchemaName { get; }

    /// <summary>The schema as it stands in a statement. A cluster's name has letters, digits, '-' and '_' only.</summary>
    public string Schema => $"\"{SchemaName}\"";

    /// <summary>Why the text can't be taken, without repeating any of it; null when it can.</summary>
    public static string? WhyNot(string connectionString)
    {
        try
        {
            var builder = Parse(connectionString);
            return builder.Host is null ? "it names no Host" : builder.Database is null ? "it names no Database" : null;
        }
        catch (ArgumentException)
        {
            return "it has a part that is no keyword=value of a connection string";
        }
    }

    /// <summary>What went wrong and what to try, in one line and without a secret.</summary>
    public string Explain(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } e =>
            $"PostgreSQL at {_place} refuses the login: {OneLine(e.MessageText)}; look at Username and Password of the key journal.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } e => $"PostgreSQL at {_place}: {OneLine(e.MessageText)}; create it, or name another as Database of the key journal.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } e => $"PostgreSQL at {_place}: {OneLine(e.MessageText)}; the user needs the right to create the schema {SchemaName} and its tables.",
        PostgresException e => $"PostgreSQL at {_place}: {OneLine(e.MessageText)} ({e.SqlState}).",
        NpgsqlException or TimeoutException or OperationCanceledException => $"PostgreSQL at {_place} does not answer: {OneLine(failure.GetBaseException().Message)}; is it running, and do Host and Port of the key journal name it?",
        _ => $"PostgreSQL at {_place}: {OneLine(failure.GetBaseException().Message)}",
    };

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    /// <summary>What the user has written wins over our own settings.</summary>
    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { PersistSecurityInfo = false, IncludeErrorDetail = false, Multiplexing = false };
        var given = builder.Keys.Cast<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!given.Contains("Application Name")) builder.ApplicationName = "duckmesh";
        if (!given.Contains("Maximum Pool Size")) builder.MaxPoolSize = MostConnections;
        if (!given.Contains("Timeout")) builder.Timeout = ConnectWithinSeconds;
        if (!given.Contains("Command Timeout")) builder.CommandTimeout = AnswerWithinSeconds;
        return builder;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
