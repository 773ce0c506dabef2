using System.Collections.Immutable;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using ClickHouse.Driver.ADO.Parameters;
using ClickHouse.Driver.ADO.Readers;
using ClickHouse.Driver.Json;

namespace DuckMesh.History.ClickHouse;

/// <summary>Statements at one ClickHouse, each with a deadline; what goes wrong is a <see cref="HistoryException"/>.</summary>
internal sealed class ClickHouseServer : IDisposable
{
    /// <summary>An insert or a change of tables takes a fraction of a second; after this it is sent again, which does no harm.</summary>
    public static readonly TimeSpan WriteDeadline = TimeSpan.FromSeconds(60);

    /// <summary>How long a read may use the server.</summary>
    public static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(20);

    /// <summary>The server ends a read by itself at <see cref="ReadLimit"/>; this is for one that does not answer any more.</summary>
    public static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(25);

    /// <summary>A host that is there answers within a round trip.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A name that points elsewhere is followed within this.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Less than the server's keep_alive_timeout (10 s), or the next block meets a connection that is being closed.</summary>
    private static readonly TimeSpan ConnectionIdle = TimeSpan.FromSeconds(5);

    /// <summary>What the readers of one node can ask at once; the rest waits within its deadline. The writer does not wait for them.</summary>
    private const int MostReads = 4;

    private readonly ClickHouseAddress _address;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly ClickHouseClient _client;
    private readonly SemaphoreSlim _reads = new(MostReads);

    public ClickHouseServer(ClickHouseAddress address, TimeProvider time)
    {
        _address = address;
        _time = time;
        _http = new HttpClient(new AnswerHandler(new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            PooledConnectionIdleTimeout = ConnectionIdle,
            // A database is not behind the proxy for the web, and does not send us elsewhere.
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
        }))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client = new ClickHouseClient(new ClickHouseClientSettings
        {
            HttpClient = _http,
            Protocol = address.Scheme,
            Host = address.Host,
            Port = (ushort)address.Port,
            Username = address.User,
            Password = address.Password,
            Database = address.Database,
            // The names of a thousand databases do not fit into an address.
            UseFormDataParameters = true,
            // No column of ours is JSON, and a setting that is not sent needs no right.
            JsonReadMode = JsonReadMode.None,
            JsonWriteMode = JsonWriteMode.None,
        });
        _client.RegisterBinaryInsertType<SampleRow>();
        _client.RegisterBinaryInsertType<EventRow>();
        _client.RegisterBinaryInsertType<SchemaVersionRow>();
    }

    public Task RunAsync(string sql, ClickHouseParameterCollection? parameters, CancellationToken cancellation, string? database = null) =>
        WithinAsync(WriteDeadline, token => _client.ExecuteNonQueryAsync(sql, parameters, new QueryOptions { Database = database }, token), cancellation);

    public Task<object?> ScalarAsync(string sql, ClickHouseParameterCollection? parameters, string? database, CancellationToken cancellation) =>
        WithinAsync(ReadDeadline, token => _client.ExecuteScalarAsync(sql, parameters, new QueryOptions { Database = database, MaxExecutionTime = ReadLimit }, token)!, cancellation);

    /// <summary>The answer's rows, in its order.</summary>
    public Task<ImmutableArray<T>> ReadAsync<T>(
        string sql, ClickHouseParameterCollection parameters, string? database, Func<ClickHouseDataReader, T> row, CancellationToken cancellation, int mostRows = 0) =>
        WithinAsync(ReadDeadline, async token =>
        {
            var options = new QueryOptions
            {
                Database = database,
                MaxExecutionTime = ReadLimit,
                CustomSettings = mostRows > 0 ? new Dictionary<string, object> { ["max_result_rows"] = mostRows, ["result_overflow_mode"] = "throw" } : null,
            };
            await _reads.WaitAsync(token).ConfigureAwait(false);
            try
            {
                using var reader = await _client.ExecuteReaderAsync(sql, parameters, options, token).ConfigureAwait(false);
                var rows = ImmutableArray.CreateBuilder<T>();
                while (reader.Read())
                    rows.Add(row(reader));
                return rows.DrainToImmutable();
            }
            finally
            {
                _reads.Release();
            }
        }, cancellation);

    /// <summary>Inserts all rows, or completes what an earlier try with this token left.</summary>
    /// <param name="token">Names the rows: a table takes the rows of a token once.</param>
    public Task InsertAsync<T>(string table, IReadOnlyList<T> rows, string token, CancellationToken cancellation)
        where T : class =>
        rows.Count == 0 ? Task.CompletedTask : WithinAsync(WriteDeadline, deadline => _client.InsertBinaryAsync(table, rows, new InsertOptions
        {
            // The driver cuts rows into requests of this size, all with the one token, and a table drops every one after the first.
            BatchSize = rows.Count,
            // On a LAN compression costs more than it saves: 0.13 us of CPU a row.
            Compressor = null,
            CustomSettings = new Dictionary<string, object>
            {
                ["insert_deduplication_token"] = token,
                ["insert_deduplicate"] = 1,
                // Off by default before 25; then a block that is sent again is rolled up twice.
                ["deduplicate_blocks_in_dependent_materialized_views"] = 1,
                // On by default in 26.7, with a deduplication of its own.
                ["async_insert"] = 0,
                // A block over many days (a clock that jumped) is still one insert: cut into several it would make as many parts.
                ["max_partitions_per_insert_block"] = 0,
            },
        }, deadline), cancellation);

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
        _reads.Dispose();
    }

    private async Task<T> WithinAsync<T>(TimeSpan deadline, Func<CancellationToken, Task<T>> act, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(deadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await act(either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not HistoryException)
        {
            // Whatever a cancelled request throws, it was cancelled.
            cancellation.ThrowIfCancellationRequested();
            throw timeout.IsCancellationRequested ? ClickHouseFaults.TimedOut(deadline, _address) : ClickHouseFaults.Of(error, _address);
        }
    }
}
