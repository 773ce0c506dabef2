using System.Net;
using System.Net.Sockets;

namespace DuckMesh.History.Tests.ClickHouse;

/// <summary>A port on which nothing listens.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
