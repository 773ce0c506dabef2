using System.Net;

namespace DuckMesh.Node.Http;

/// <summary>
/// The node asks for no password as long as only its own machine reaches it. A web page elsewhere can make a browser on this machine do just that, by giving its own
/// name the address 127.0.0.1 (DNS rebinding); but then the request names that page's host. So only the names of the loopback are served.
/// </summary>
internal static class LoopbackGuard
{
    public static bool Allows(HostString host)
    {
        var name = host.Host;
        return name.Length == 0
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Allows(context.Request.Host))
        {
            await next(context);
            return;
        }

        await Problems.Of(StatusCodes.Status421MisdirectedRequest, "This node serves only its own machine: ask for localhost or 127.0.0.1.").ExecuteAsync(context);
    }
}
