namespace DuckMesh.Node.Configuration;

/// <summary>What is wrong with a configuration, all of it: nobody wants to be told one mistake a start.</summary>
internal sealed class Mistakes
{
    /// <summary>More are not read by anybody, and a file that is no configuration at all can have any number.</summary>
    private const int Most = 50;

    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public void Add(string line)
    {
        if (_lines.Count < Most) _lines.Add(OneLine(line));
    }

    public void Add(Setting setting, string key, string what) => Add($"{setting.Where}: {key}: {what}");

    /// <summary>Values come from outside: a line feed or an escape sequence in one must not look like our own text.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
