namespace DuckMesh.Acceptance.Owners;

/// <summary>Owners whose conditions come and go: each holds its file, then closes it or is killed with commits in the log, then holds it again.</summary>
internal sealed class FlippingFleet : IAsyncDisposable
{
    private const int ShortestMs = 300;
    private const int LongestMs = 4000;

    private readonly CancellationTokenSource _stop = new();
    private Task _flipping = Task.CompletedTask;

    public static async Task<FlippingFleet> Start(string folder, int count, int seed)
    {
        var fleet = new FlippingFleet();
        var owners = await Task.WhenAll(Enumerable.Range(0, count).Select(index => OwnerProcess.StartDotnet(Path.Combine(folder, $"flip{index}.duckdb"))));
        fleet._flipping = Task.WhenAll(owners.Select((owner, index) => fleet.Flip(owner, new Random(seed + index), crashes: index % 2 == 0)));
        return fleet;
    }

    /// <summary>Ends the flipping; all files are closed then.</summary>
    public async Task Rest()
    {
        await _stop.CancelAsync();
        await _flipping;
    }

    public async ValueTask DisposeAsync()
    {
        await Rest();
        _stop.Dispose();
    }

    private async Task Flip(OwnerProcess first, Random random, bool crashes)
    {
        OwnerProcess? owner = first;
        try
        {
            while (true)
            {
                await owner.Do("commits", ("n", 2));
                await Pause(random);
                if (crashes)
                {
                    await owner.Kill();
                    await owner.DisposeAsync();
                    owner = null;
                    await Pause(random);
                    owner = await OwnerProcess.StartDotnet(first.Database);
                }
                else
                {
                    await owner.Do("close");
                    await Pause(random);
                    await owner.Do("open");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // rests
        }
        finally
        {
            if (owner is not null)
                await owner.DisposeAsync();
        }
    }

    private Task Pause(Random random) => Task.Delay(random.Next(ShortestMs, LongestMs), _stop.Token);
}
