namespace DuckMesh.History.Tests.Conformance;

/// <summary>A place where a store can be: a folder, a database of a server. It is empty at first, and removed with all that it holds when disposed.</summary>
public interface IStorePlace : IAsyncDisposable
{
    /// <summary>Which store, and where: with these <see cref="Program"/> opens it in another process.</summary>
    string Kind { get; }

    string Address { get; }

    /// <summary>Whether a block is stored in one step. If not, one that was cut off may be there in part until it is sent again.</summary>
    bool IsTransactional { get; }

    Task PrepareAsync();

    /// <summary>Opens a store here, without migrating it. Several may be open in this process.</summary>
    IHistoryStore Open();

    /// <summary>Makes the place look as if a version had written it that does not exist yet.</summary>
    Task MakeNewerAsync();

    /// <summary>Has everything deleted that is older than its retention, by the store or the engine, before it returns.</summary>
    Task ExpireAsync(IHistoryStore store, DateTimeOffset now);

    /// <summary>What is stored, counted beside the store's own reading.</summary>
    Task<StoredRows> CountAsync();
}
