using DuckMesh.Cluster;
using DuckMesh.Node.Demo;
using DuckMesh.Node.Hosting;
using DuckMesh.Node.Terminal;

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
            DataFolder.ThrowIfFile(settings.DataFolder);
            scratch = DemoScratch.Create(settings.DataFolder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(
                $"duckmesh: the demo can't make its folder in {settings.DataFolder}: {error.Message.TrimEnd('.')}; name a folder that can be written with DUCKMESH_DATA or the key data.");
            return CannotStart;
        }
        catch (StartException error)
        {
            await Console.Error.WriteLineAsync($"duckmesh: {SafeText.Of(error.Message)}");
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
