using System.Collections.Immutable;
using DuckDB.NET.Data;
using DuckMesh.History.Blocks;
using DuckMesh.History.Reading;

namespace DuckMesh.History.Embedded;

/// <summary>
/// History in a DuckDB file of this process. One store a file: the numbers of its series are given from memory.
/// This process must never open the file as a plain file while a store is open: whoever reads foreign databases has to know its identity (<see cref="Create"/>).
/// </summary>
public sealed class EmbeddedStore(string path, Retention retention, TimeProvider time) : IHistoryStore
{
    /// <summary>One for whoever looks at a dashboard and one besides: each keeps a core busy while it scans.</summary>
    private const int ReadersAtOnce = 2;

    /// <summary>Another store of this process that migrates the same file is done by then.</summary>
    private const int MigrationTries = 50;

    private static readonly TimeSpan BetweenMigrations = TimeSpan.FromMilliseconds(20);

    private readonly HistoryFile _file = new(path);
    private readonly ExpiryClock _clock = new(time);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SemaphoreSlim _reading = new(ReadersAtOnce);
    private OpenHistory? _open;

    /// <summary>
    /// Makes the file if it is not there, and closes it again, so that its device and inode are known before a store opens it. DuckDB refuses a file that somebody
    /// else made for it.
    /// </summary>
    /// <exception cref="HistoryException">It can't be made or opened.</exception>
    public static void Create(string path)
    {
        var file = new HistoryFile(path);
        try
        {
            file.Open().Dispose();
        }
        catch (DuckDBException error)
        {
            throw file.FaultOf(error);
        }
    }

    public async Task MigrateAsync(CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await RunAsync(_writing, Migrate, cancellation);
                return;
            }
            catch (HistoryException error) when (error.InnerException is DuckDBException && tries < MigrationTries && error.Message.Contains("conflict", StringComparison.OrdinalIgnoreCase) && error.Fault == HistoryFault.Unavailable)
            {
                await Task.Delay(BetweenMigrations, time, cancellation);
            }
        }
    }

    public async Task StoreAsync(HistoryBlock block, CancellationToken cancellation)
    {
        block.Check();
        await RunAsync(_writing, () => Write(open => open.Store(block, cancellation)), cancellation);
    }

    public Task ExpireAsync(DateTimeOffset now, CancellationToken cancellation) =>
        RunAsync(_writing, () => Write(open => open.Keep(retention, now, last => _clock.Believes(last, now), cancellation)), cancellation);

    public Task<ImmutableArray<HistorySeries>> ReadAsync(HistoryRange range, CancellationToken cancellation) =>
        RunAsync(_reading, () => Read(connection => new RangeReader(connection, range, cancellation).Read()), cancellation);

    public Task<ImmutableArray<HistoryEvent>> ReadEventsAsync(EventRange range, CancellationToken cancellation) =>
        RunAsync(_reading, () => Read(connection => EventTable.Read(connection, range, cancellation)), cancellation);

    /// <summary>Waits for what is being written or read; the engine then empties its log into the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writing.WaitAsync();
        for (var i = 0; i < ReadersAtOnce; i++) await _reading.WaitAsync();
        _open?.Dispose();
        _open = null;
    }

    private bool Migrate()
    {
        Close();
        using var connection = _file.Open();
        if (Schema.VersionOf(connection) is { } version && version > Schema.Version) throw _file.Newer(version, Schema.Version);
        Schema.Migrate(connection, time.GetUtcNow());
        return true;
    }

    private bool Write(Action<OpenHistory> write)
    {
        try
        {
            write(_open ??= new OpenHistory(_file));
            return true;
        }
        catch
        {
            Close();
            throw;
        }
    }

    private T Read<T>(Func<DuckDBConnection, T> read)
    {
        using var connection = _file.Open();
        return read(connection);
    }

    private void Close()
    {
        _open?.Dispose();
        _open = null;
    }

    /// <summary>The engine works on the thread that calls it, so not on the caller's.</summary>
    private async Task<T> RunAsync<T>(SemaphoreSlim gate, Func<T> work, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            return await Task.Run(work, cancellation);
        }
        catch (DuckDBException error)
        {
            throw _file.FaultOf(error);
        }
        finally
        {
            gate.Release();
        }
    }
}
