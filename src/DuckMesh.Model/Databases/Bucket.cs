namespace DuckMesh.Model.Databases;

/// <summary>
/// Which of its host's buckets a database belongs to. Part of the journal's format: another hash or another number of buckets would re-home every database.
/// </summary>
public static class Bucket
{
    /// <summary>Buckets a host: spreads 10,000 databases to cells of about 160, and a laptop has only the few that it needs.</summary>
    public const int Count = 64;

    /// <summary>FNV-1a over the UTF-16 units of the id after its host, finished by a multiply-shift. Never <c>string.GetHashCode</c>, which differs per process.</summary>
    public static int Of(DatabaseId id)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in id.Value.AsSpan(id.Host.Length + 1))
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        hash ^= hash >> 32;
        return (int)((hash * 0x9E3779B97F4A7C15UL) >> 58);
    }
}
