using System.Globalization;

namespace DuckMesh.Node.Terminal;

/// <summary>Where stdout is no terminal: a line a change, and a summary each minute as a sign of life.</summary>
internal sealed class PlainOutput(Pictures pictures, Place place, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan SummaryEvery = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var line in PlainLines.Start(place)) Print(line);
        Picture? before = null;
        var summary = time.GetUtcNow() + SummaryEvery;
        await foreach (var now in pictures.EachAsync(lifetime.ApplicationStopping))
        {
            foreach (var line in PlainLines.Changes(before, now, place)) Print(line);
            if (now.At >= summary)
            {
                Print(PlainLines.Summary(now));
                summary = now.At + SummaryEvery;
            }

            before = now.Fleet is null ? now with { Fleet = before?.Fleet } : now;
        }

        Print("stopping");
    }

    private void Print(string line) => Console.WriteLine($"{time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)} {line}");
}
