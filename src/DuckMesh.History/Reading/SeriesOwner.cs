namespace DuckMesh.History.Reading;

/// <summary>A database by its labels.</summary>
public readonly record struct SeriesOwner(string Host, string Database);
