using DuckMesh.Model.Databases;

namespace DuckMesh.Cluster.Cells;

/// <summary>A database as the edge found it.</summary>
public sealed record FoundDatabase(DatabaseId Id, string Name, bool Configured);
