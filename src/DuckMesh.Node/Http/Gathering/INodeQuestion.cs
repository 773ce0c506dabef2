namespace DuckMesh.Node.Http.Gathering;

/// <summary>A question by its name, for what comes from another node as text.</summary>
internal interface INodeQuestion
{
    string About { get; }

    Task<string> AnswerAsync(string query, CancellationToken cancellation);
}
