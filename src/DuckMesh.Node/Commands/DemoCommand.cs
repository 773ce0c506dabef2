using DuckMesh.Cluster;
using DuckMesh.Node.Demo;

namespace DuckMesh.Node.Commands;

/// <summary>The verb <c>demo</c>: the normal run with quick rules, a data folder of its own and a fleet of sample owners.</summary>
internal static class DemoCommand
{
    private const int CannotStart = 2;

    /// <param name="run">The normal run: settings, further services, cancellation; gives the exit code.</param>
    public static async Task<int> RunAsync(
        MonitorSettings settings, Func<MonitorSettings, Action<IServiceCollection>, CancellationToken, Task<int>> run, CancellationToken cancellation)
    {
        DemoScratch scratch;
        try
        {
            scratch = DemoScratch.Create(settings.DataFolder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(
                $"duckmesh: the demo can't make its folder in {settings.DataFolder}: {error.Message} Name a folder that can be written with DUCKMESH_DATA.");
            return CannotStart;
        }
        using (scratch)
        {
            return await run(
                DemoSettings.Apply(settings) with { DataFolder = scratch.Data },
                services => services.AddSingleton(scratch).AddHostedService<DemoFleet>(),
                cancellation);
        }
    }
}
