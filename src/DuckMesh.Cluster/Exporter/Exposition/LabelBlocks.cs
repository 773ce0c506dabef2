using System.Buffers;

namespace DuckMesh.Cluster.Exporter.Exposition;

/// <summary>
/// The end of every sample line up to its value, <c>database="..",host=".."} </c>, encoded once a scrape for each database: all of them in one rented array.
/// </summary>
internal sealed class LabelBlocks : IDisposable
{
    private readonly int[] _ends;
    private byte[] _bytes;

    public LabelBlocks(IReadOnlyList<DatabaseView> views)
    {
        _ends = new int[views.Count];
        var most = 0;
        foreach (var view in views) most += MostBytes(view);
        _bytes = ArrayPool<byte>.Shared.Rent(most);
        var end = 0;
        for (var i = 0; i < views.Count; i++)
        {
            end += Encode(views[i], _bytes.AsSpan(end));
            _ends[i] = end;
        }
    }

    public ReadOnlySpan<byte> this[int database]
    {
        get
        {
            var start = database == 0 ? 0 : _ends[database - 1];
            return _bytes.AsSpan(start, _ends[database] - start);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private static int MostBytes(DatabaseView view) =>
        LabelText.MostBytes("database", view.Database.Name) + LabelText.MostBytes("host", view.Database.Id.Host) + 2;

    private static int Encode(DatabaseView view, Span<byte> to)
    {
        var length = LabelText.Write("database", view.Database.Name, to);
        to[length++] = (byte)',';
        length += LabelText.Write("host", view.Database.Id.Host, to[length..]);
        to[length++] = (byte)'}';
        to[length++] = (byte)' ';
        return length;
    }
}
