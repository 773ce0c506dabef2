namespace DuckMesh.Cluster.Postgres;

/// <summary>The tables were changed by a newer version, and this one would not understand them.</summary>
public sealed class NewerTablesException(string schema, int version)
    : Exception($"the tables of schema {schema} have version {version}, and this DuckMesh knows {PostgresTables.Version}; start the newer version, or name another cluster with the key cluster.");
