using Spectre.Console;

namespace DuckMesh.Node.Terminal;

/// <summary>The live table on a terminal.</summary>
internal sealed class LiveTable(Pictures pictures, Place place, IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <summary>Stdout is a terminal that can be drawn on.</summary>
    public static bool IsPossible => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await AnsiConsole.Live(new Text("Starting…")).Overflow(VerticalOverflow.Crop).StartAsync(async table =>
        {
            var drawn = (AnsiConsole.Profile.Width, AnsiConsole.Profile.Height);
            await foreach (var picture in pictures.EachAsync(lifetime.ApplicationStopping))
            {
                var size = (AnsiConsole.Profile.Width, AnsiConsole.Profile.Height);
                // A terminal that was resized has broken the old picture's lines anew: nobody knows where it begins.
                if (size != drawn) AnsiConsole.Clear();
                table.UpdateTarget(FleetTable.Render(picture, place, size.Width, size.Height));
                drawn = size;
            }
        });
        AnsiConsole.WriteLine("Stopping…");
    }
}
