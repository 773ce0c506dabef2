using DuckMesh.Cluster.Gathering;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace DuckMesh.Node.Http.Gathering;

/// <summary>Registers what nodes can be asked.</summary>
internal static class NodeQuestions
{
    public static IServiceCollection AddNodeQuestion<TQuery, TAnswer>(
        this IServiceCollection services, string about, Func<IServiceProvider, Func<TQuery, CancellationToken, Task<TAnswer>>> local)
    {
        services.AddSingleton(provider => new NodeQuestion<TQuery, TAnswer>(
            about, local(provider), provider.GetRequiredService<OtherNodes>(), provider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions));
        return services.AddSingleton<INodeQuestion>(provider => provider.GetRequiredService<NodeQuestion<TQuery, TAnswer>>());
    }

    /// <summary>Answers other nodes from all that is registered.</summary>
    public static AnswerQuestion Answering(IServiceProvider provider) => (about, query, cancellation) =>
        provider.GetServices<INodeQuestion>().FirstOrDefault(q => q.About == about)?.AnswerAsync(query, cancellation)
        ?? throw new NotSupportedException($"this node answers no questions about {about}");
}
