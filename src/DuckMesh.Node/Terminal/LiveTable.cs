using DuckMesh.Cluster;
using DuckMesh.Node.Http;
using Spectre.Console;

namespace DuckMesh.Node.Terminal;

/// <summary>The live table on a terminal.</summary>
internal sealed class LiveTable(Fleet fleet, NodeStatus status, Place place, TimeProvider time) : BackgroundService
{
    /// <summary>Stdout is a terminal that can be drawn on.</summary>
    public static bool IsPossible => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true };

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => AnsiConsole.Live(new Text("Starting…")).Overflow(VerticalOverflow.Crop).StartAsync(async table =>
    {
        await foreach (var picture in Pictures.Each(fleet, status, time, stoppingToken))
            table.UpdateTarget(FleetTable.Render(picture, place, AnsiConsole.Profile.Height));
    });
}
