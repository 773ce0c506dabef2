namespace DuckMesh.Benchmarks.Density;

/// <summary>The share of one database in what a node costs.</summary>
internal sealed record PerDatabase(double CpuSecondsPerLook, double ResidentBytes, double AllocatedBytesPerLook);
