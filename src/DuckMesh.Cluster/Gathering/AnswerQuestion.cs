namespace DuckMesh.Cluster.Gathering;

/// <summary>Answers a question of another node from what this node knows.</summary>
/// <returns>JSON.</returns>
public delegate Task<string> AnswerQuestion(string about, string query, CancellationToken cancellation);
