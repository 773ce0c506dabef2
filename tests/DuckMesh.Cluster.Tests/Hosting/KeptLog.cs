using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DuckMesh.Cluster.Tests.Hosting;

/// <summary>All that a node logs, at every level: level, category, text and exception.</summary>
internal sealed class KeptLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public async Task SeesAsync(string text, TimeSpan deadline)
    {
        var end = DateTime.UtcNow + deadline;
        while (!Lines.Any(l => l.Contains(text, StringComparison.Ordinal)))
        {
            Assert.True(DateTime.UtcNow < end, $"not in {deadline}: '{text}' in the log");
            await Task.Delay(20);
        }
    }

    public void Dispose()
    {
    }
}
