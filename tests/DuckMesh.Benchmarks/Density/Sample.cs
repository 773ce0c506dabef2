namespace DuckMesh.Benchmarks.Density;

/// <summary>What a node had used and done by one instant.</summary>
internal sealed record Sample(
    DateTime At, double CpuSeconds, double ResidentBytes, double Watched, double AllocatedBytes, double Looks, double Missed, double PassSeconds, double Passes);
