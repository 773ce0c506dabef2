namespace DuckMesh.Node.Configuration;

/// <summary>One key under <c>duckmesh</c>.</summary>
/// <param name="Variable">The environment variable that wins over it; null for a group of keys, which no variable can hold.</param>
/// <param name="Apply">The options with the setting in them; adds what is wrong with it to the mistakes.</param>
internal sealed record Key(string Name, string? Variable, Func<NodeOptions, Setting, Mistakes, NodeOptions> Apply)
{
    /// <summary>The variable holds a list, separated by commas.</summary>
    public bool IsList { get; init; }

    public string Path => $"duckmesh.{Name}";
}
