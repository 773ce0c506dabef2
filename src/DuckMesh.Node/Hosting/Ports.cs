using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace DuckMesh.Node.Hosting;

/// <summary>The node's ports, tried before anything else starts, so that a taken one is a line and not half a node.</summary>
internal static class Ports
{
    /// <summary>The socket that HTTP will listen on, bound already: nobody can take the port in between.</summary>
    /// <exception cref="StartException">The address can't be had.</exception>
    public static Socket BindHttp(IPEndPoint endpoint)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException e)
        {
            throw NotHad(e, endpoint, "HTTP", "DUCKMESH_HTTP or the key http");
        }
    }

    /// <summary>The actor system binds its own socket; this only asks whether it will be able to.</summary>
    /// <exception cref="StartException">The address can't be had.</exception>
    public static void TryRemote(string address, int port)
    {
        var endpoint = new IPEndPoint(IPAddress.Parse(address), port);
        try
        {
            using var listener = new TcpListener(endpoint) { ExclusiveAddressUse = true };
            listener.Start();
        }
        catch (SocketException e)
        {
            throw NotHad(e, endpoint, "Akka.Remote", "DUCKMESH_PORT or the key port");
        }
    }

    private static StartException NotHad(SocketException e, IPEndPoint endpoint, string what, string key) => new(
        e.SocketErrorCode == SocketError.AddressAlreadyInUse
            ? $"{what} can't listen on {endpoint}: the port is taken; stop the program that has it, or name another port with {key}."
            : $"{what} can't listen on {endpoint}: {e.Message.TrimEnd('.')}; name another address with {key}.",
        e);
}
