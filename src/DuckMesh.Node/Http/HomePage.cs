using System.Reflection;

namespace DuckMesh.Node.Http;

/// <summary><c>/</c>: where to go from here, for somebody who opened the address in a browser.</summary>
internal static class HomePage
{
    private static readonly byte[] Html = Read();

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", () => TypedResults.Bytes(Html, "text/html; charset=utf-8")).ExcludeFromDescription();

    private static byte[] Read()
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream("DuckMesh.Node.Http.index.html")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
