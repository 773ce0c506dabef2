using DuckMesh.Benchmarks.Density;
using DuckMesh.Benchmarks.Exposition;

// Each benchmark is a verb of its own: it takes the rest of the command line, prints what it measured, and returns the exit code.
var benchmarks = new Dictionary<string, Func<string[], CancellationToken, Task<int>>>(StringComparer.Ordinal)
{
    ["density"] = DensityBenchmark.RunAsync,
    ["exposition"] = ExpositionBenchmark.RunAsync,
};
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true; // what it started is ended first
    stop.Cancel();
};

if (args is [var name, .. var rest] && benchmarks.TryGetValue(name, out var run))
{
    try
    {
        return await run(rest, stop.Token);
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        return 130;
    }
}

Console.Error.WriteLine($"Name one benchmark: {string.Join(", ", benchmarks.Keys)}. Example: dotnet run -c Release --project tests/DuckMesh.Benchmarks -- exposition");
return 2;
