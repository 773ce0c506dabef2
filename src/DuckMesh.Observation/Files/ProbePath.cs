using System.Text;
using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Files;

/// <summary>The bytes of a database's path, room behind them for the suffixes of the files beside it. One buffer, so that a look allocates nothing.</summary>
internal sealed class ProbePath
{
    private const int LongestSuffix = 15;   // .wal.checkpoint

    private readonly byte[] _bytes;
    private readonly int _length;

    private ProbePath(string text, byte[] path)
    {
        Text = text;
        _length = path.Length;
        _bytes = new byte[path.Length + LongestSuffix + 1];
        path.CopyTo(_bytes, 0);
        IsDescriptor = IsDescriptorLink(text);
    }

    public string Text { get; }

    /// <summary><c>/proc/&lt;pid&gt;/fd/&lt;n&gt;</c> reaches the file even after it was deleted, but not the files beside it.</summary>
    public bool IsDescriptor { get; }

    /// <summary>Null for a text that can be no path: it has a zero byte or half a surrogate pair.</summary>
    public static ProbePath? Create(string text)
    {
        try
        {
            var path = FilePath.ToBytes(text);
            return path.AsSpan().Contains((byte)0) ? null : new ProbePath(text, path);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The path and a suffix, ended by a zero. Valid until the next call.</summary>
    public ReadOnlySpan<byte> With(ReadOnlySpan<byte> suffix)
    {
        suffix.CopyTo(_bytes.AsSpan(_length));
        var end = _length + suffix.Length;
        _bytes[end] = 0;
        return _bytes.AsSpan(0, end + 1);
    }

    public static bool IsDescriptorLink(string text)
    {
        if (!text.StartsWith("/proc/", StringComparison.Ordinal)) return false;
        var parts = text.Split('/');
        return parts is ["", "proc", _, "fd", var number] && number.Length > 0 && number.All(char.IsAsciiDigit);
    }
}
