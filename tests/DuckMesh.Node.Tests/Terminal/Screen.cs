using System.Collections.Immutable;
using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Node.Terminal;
using DuckMesh.Observation.Discovery;
using Spectre.Console;

namespace DuckMesh.Node.Tests.Terminal;

/// <summary>Pictures for the tests of the console, and what a terminal of some size shows of them.</summary>
internal static class Screen
{
    public static readonly Place Place = new(new Uri("http://127.0.0.1:9642"), new MonitorSettings { Host = "h1", DataFolder = "/nowhere", HoconFolder = "/nowhere" });

    public static Picture Of(FleetSnapshot? fleet, DiscoveryReport? discovery = null, string? journalError = null, params string[] notes) =>
        new(Some.Noon, fleet, discovery ?? Report(present: 1), journalError, [.. notes]);

    public static DiscoveryReport Report(int present = 0, ImmutableArray<BlindSpot> blind = default, ImmutableArray<string> warnings = default) =>
        new([], present, blind.IsDefault ? [] : blind, warnings.IsDefault ? [] : warnings, Locks: 7, Looked: 2);

    public static List<string> Table(Picture picture, int width, int height, Place? place = null)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Profile.Height = height;
        console.Write(FleetTable.Render(picture, place ?? Place, width, height));
        return [.. text.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }
}
