namespace DuckMesh.Observation.Discovery;

/// <summary>A process that holds a database's lock.</summary>
public readonly record struct Holder(int Pid, bool ReadOnly);
