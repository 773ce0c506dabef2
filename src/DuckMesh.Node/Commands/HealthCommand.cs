using System.Net;
using System.Text.Json;

namespace DuckMesh.Node.Commands;

/// <summary>The verb <c>health</c>: asks <c>/health/ready</c>, because a container's image need not have any program that could.</summary>
internal static class HealthCommand
{
    private const int NotReady = 1;

    /// <summary>A node answers this from memory; container health checks run every some seconds.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(IPEndPoint http, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Deadline };
        try
        {
            using var response = await client.GetAsync(new Uri($"http://{http}/health/ready"), cancellation);
            if (response.IsSuccessStatusCode)
            {
                await Console.Out.WriteLineAsync("ready");
                return 0;
            }

            await Console.Error.WriteLineAsync($"duckmesh: not ready: {Detail(await response.Content.ReadAsStringAsync(cancellation)) ?? response.StatusCode.ToString()}");
        }
        catch (HttpRequestException e)
        {
            await Console.Error.WriteLineAsync($"duckmesh: no node answers at {http}: {(e.InnerException?.Message ?? e.Message).TrimEnd('.')}; start one, or name its address with DUCKMESH_HTTP.");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"duckmesh: the node at {http} did not answer within {Deadline.TotalSeconds:0} s; its log may say why.");
        }

        return NotReady;
    }

    private static string? Detail(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
