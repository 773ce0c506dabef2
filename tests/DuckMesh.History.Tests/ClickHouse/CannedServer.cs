using System.Net;
using System.Text;

namespace DuckMesh.History.Tests.ClickHouse;

/// <summary>Gives every request the same answer, as a ClickHouse would that cannot be had here.</summary>
internal sealed class CannedServer : IDisposable
{
    private readonly HttpListener _listener = new();

    public CannedServer(int status, byte[] body)
    {
        var port = FreePort.Find();
        Address = $"http://127.0.0.1:{port}/history";
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _ = AnswerAsync(status, body);
    }

    public string Address { get; }

    /// <summary>One text in RowBinaryWithNamesAndTypes, in which the driver reads.</summary>
    public static byte[] Row(string column, string value)
    {
        using var row = new MemoryStream();
        row.WriteByte(1);
        foreach (var text in new[] { column, "String", value })
        {
            row.WriteByte((byte)text.Length);
            row.Write(Encoding.UTF8.GetBytes(text));
        }

        return row.ToArray();
    }

    public void Dispose() => ((IDisposable)_listener).Dispose();

    private async Task AnswerAsync(int status, byte[] body)
    {
        try
        {
            while (true)
            {
                var request = await _listener.GetContextAsync();
                request.Response.StatusCode = status;
                request.Response.Headers["X-ClickHouse-Summary"] = "{}";
                request.Response.Close(body, willBlock: false);
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
