using System.Collections.Concurrent;
using System.Globalization;

namespace DuckMesh.Node.Hosting;

/// <summary>The log while a live table has the terminal: one line an entry in <c>duckmesh.log</c> of the data folder. Bounded: when the file is full it becomes the old one.</summary>
internal sealed class LogFile(string folder, TimeProvider time) : ILoggerProvider
{
    public const string FileName = "duckmesh.log";

    /// <summary>With the old file twice as much: enough for a bad day, nothing that fills a disk.</summary>
    public const long MaxBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly string _path = Path.Combine(folder, FileName);
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, c => new Writer(this, c));

    public void Dispose()
    {
    }

    private void Write(string line)
    {
        lock (_lock)
        {
            try
            {
                if (new FileInfo(_path) is { Exists: true, Length: > MaxBytes }) File.Move(_path, _path + ".1", overwrite: true);
                File.AppendAllText(_path, line);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full disk must not stop the node, and there is no other place to say it: the health page does.
            }
        }
    }

    private sealed class Writer(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var at = file.NowUtc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            var text = exception is null ? formatter(state, exception) : $"{formatter(state, exception)} | {exception}";
            file.Write($"{at} {logLevel.ToString().ToLowerInvariant()} {category}: {text.ReplaceLineEndings(" | ")}\n");
        }
    }

    private DateTime NowUtc => time.GetUtcNow().UtcDateTime;
}
