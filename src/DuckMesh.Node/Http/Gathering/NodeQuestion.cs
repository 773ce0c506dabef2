using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DuckMesh.Cluster.Gathering;

namespace DuckMesh.Node.Http.Gathering;

/// <summary>A question that each node answers of itself; asked, it gives the answers of all.</summary>
/// <param name="about">Its name: part of what nodes know of each other.</param>
/// <param name="local">This node's answer.</param>
internal sealed class NodeQuestion<TQuery, TAnswer>(string about, Func<TQuery, CancellationToken, Task<TAnswer>> local, OtherNodes others, JsonSerializerOptions json) : INodeQuestion
{
    public string About => about;

    private JsonTypeInfo<TQuery> Query => (JsonTypeInfo<TQuery>)json.GetTypeInfo(typeof(TQuery));

    private JsonTypeInfo<TAnswer> Answer => (JsonTypeInfo<TAnswer>)json.GetTypeInfo(typeof(TAnswer));

    public async Task<string> AnswerAsync(string query, CancellationToken cancellation)
    {
        var asked = JsonSerializer.Deserialize(query, Query) ?? throw new JsonException($"a question about {about} has no content");
        return JsonSerializer.Serialize(await local(asked, cancellation), Answer);
    }

    /// <exception cref="BadQueryException">What is asked is not possible; then no other node is asked.</exception>
    public async Task<Gathered<TAnswer>> AskAsync(TQuery query, CancellationToken cancellation)
    {
        var own = await local(query, cancellation);
        var gathered = await others.AskAsync(about, JsonSerializer.Serialize(query, Query), cancellation);
        var answers = ImmutableArray.CreateBuilder<TAnswer>();
        var missing = gathered.Missing.ToBuilder();
        answers.Add(own);
        foreach (var answer in gathered.Answers)
        {
            if (Read(answer.Text) is { } read) answers.Add(read);
            else missing.Add(answer.Node);
        }

        return new Gathered<TAnswer>(answers.ToImmutable(), missing.ToImmutable());
    }

    /// <summary>A node of another version may answer what this one can't read; it is as if it had not answered.</summary>
    private TAnswer? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, Answer);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
