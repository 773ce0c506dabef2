namespace DuckMesh.Node.Http;

/// <summary>Asks for the rules: there is nothing to choose.</summary>
internal readonly record struct AllRules;
