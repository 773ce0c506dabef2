using DuckMesh.Cluster;
using DuckMesh.Cluster.Exporter;
using DuckMesh.Node.Http;
using DuckMesh.Node.Terminal;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Node.Tests.Terminal;

public sealed class PicturesTests
{
    private readonly FakeTimeProvider _time = new(Some.Noon);

    [Fact]
    public async Task A_node_that_stops_does_not_seem_to_have_forgotten_all_its_databases()
    {
        using var stopping = new CancellationTokenSource();
        var asked = 0;
        var fleet = new Fleet(_ =>
        {
            if (++asked == 1) return Task.FromResult(Some.Fleet(Some.View("orders")));
            stopping.Cancel();    // the supervisors have ended, the exporter still answers
            return Task.FromResult(Some.Fleet());
        }, _time);

        var seen = new List<Picture>();
        await foreach (var picture in new Pictures(fleet, new NodeStatus(_time), new Notes(), _time).EachAsync(stopping.Token))
        {
            seen.Add(picture);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Single(Assert.Single(seen).Fleet!.Databases);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task An_exporter_that_does_not_answer_is_shown_as_such()
    {
        using var stopping = new CancellationTokenSource();
        var fleet = new Fleet(_ => Task.FromException<FleetSnapshot>(new TimeoutException()), _time);
        await foreach (var picture in new Pictures(fleet, new NodeStatus(_time), new Notes(), _time).EachAsync(stopping.Token))
        {
            Assert.Null(picture.Fleet);
            await stopping.CancelAsync();
        }
    }

    [Fact]
    public void Notes_are_kept_once_and_the_newest_few()
    {
        var notes = new Notes();
        foreach (var note in new[] { "a", "b", "b", "c", "d", "e" }) notes.Add(note);
        Assert.Equal("b c d e", string.Join(' ', notes.All));
    }
}
