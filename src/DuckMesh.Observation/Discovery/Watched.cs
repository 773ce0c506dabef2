namespace DuckMesh.Observation.Discovery;

/// <summary>What a walk tells: a database that was found, or, without finding, that there is nothing where one is expected.</summary>
/// <param name="Path">As the glob led to it, symbolic links and all.</param>
internal readonly record struct Watched(string Path, bool Configured, Finding? Finding);
