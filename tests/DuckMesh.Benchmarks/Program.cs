using DuckMesh.Benchmarks;

// Each benchmark is a verb of its own: it takes the rest of the command line, prints what it measured, and returns the exit code.
var benchmarks = new Dictionary<string, Func<string[], Task<int>>>(StringComparer.Ordinal)
{
    ["density"] = DensityBenchmark.RunAsync,
    ["exposition"] = ExpositionBenchmark.RunAsync,
};

if (args is [var name, .. var rest] && benchmarks.TryGetValue(name, out var run)) return await run(rest);
Console.Error.WriteLine($"Name one benchmark: {string.Join(", ", benchmarks.Keys)}. Example: dotnet run -c Release --project tests/DuckMesh.Benchmarks -- exposition");
return 2;
