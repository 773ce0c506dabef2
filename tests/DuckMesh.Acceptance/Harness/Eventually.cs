using System.Diagnostics;

namespace DuckMesh.Acceptance.Harness;

/// <summary>Looks again and again until it sees what it waits for; says what it saw last when that does not come.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="what">What is waited for, as the end of "not within 10 s: ...".</param>
    /// <param name="look">May throw: then it is tried again.</param>
    /// <param name="show">How to show what was seen.</param>
    /// <returns>What was seen when it was enough.</returns>
    public static async Task<T> Sees<T>(string what, TimeSpan deadline, Func<Task<T>> look, Func<T, bool> enough, Func<T, string>? show = null)
    {
        var start = Stopwatch.GetTimestamp();
        var last = "nothing";
        while (true)
        {
            try
            {
                var seen = await look();
                if (enough(seen))
                    return seen;
                last = show?.Invoke(seen) ?? seen?.ToString() ?? "null";
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException or System.Text.Json.JsonException)
            {
                last = error.Message;
            }
            if (Stopwatch.GetElapsedTime(start) > deadline)
                throw new TimeoutException($"not within {deadline.TotalSeconds:0.#} s: {what}; last seen: {last}");
            await Task.Delay(Pause);
        }
    }

    public static Task Holds(string what, TimeSpan deadline, Func<bool> condition) =>
        Sees(what, deadline, () => Task.FromResult(condition()), holds => holds);
}
