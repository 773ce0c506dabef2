namespace DuckMesh.Node.Configuration;

/// <summary>
/// Reads the outline of a HOCON text: on which line each key stands, and what Akka's parser would pass over in silence (an open quote or bracket ends with the text,
/// a closing one too many ends it) or could not survive (deep nesting, substitutions that name each other, some signs in a list).
/// </summary>
internal sealed class HoconText
{
    private const int MostDepth = 16;

    /// <summary>Not allowed in an unquoted text (HOCON specification, "Unquoted strings"); in a list Akka's parser never comes back from one of them.</summary>
    private const string NeedQuotes = "$`^?!@*&\\";

    private readonly string _text;
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly Stack<(char Bracket, int Line, string Prefix)> _open = new();
    private readonly System.Text.StringBuilder _word = new();
    private int _at;
    private int _line = 1;
    private bool _inKey = true;
    private string _key = "";

    private HoconText(string text) => _text = text;

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public (int Line, string What)? Mistake { get; private set; }

    public static HoconText Read(string text)
    {
        var outline = new HoconText(text);
        while (outline.Mistake is null && outline._at < text.Length) outline.Step();
        if (outline.Mistake is null && outline._open.TryPeek(out var open)) outline.Wrong(open.Line, $"'{open.Bracket}' is never closed");
        return outline;
    }

    /// <summary>The line of a key, its parts joined by dots; null when it is not known.</summary>
    public int? LineOf(string path) => _lines.TryGetValue(path, out var line) ? line : null;

    /// <summary>The line of a place in the text.</summary>
    public int LineAt(int position) => 1 + _text.AsSpan(0, Math.Clamp(position, 0, _text.Length)).Count('\n');

    private bool InList => _open.TryPeek(out var open) && open.Bracket == '[';

    private string Prefix => _open.TryPeek(out var open) ? open.Prefix : "";

    private void Step()
    {
        var c = _text[_at];
        if (c == '#' || StartsWith("//"))
        {
            while (_at < _text.Length && _text[_at] != '\n') _at++;
            return;
        }

        switch (c)
        {
            case '"': Quoted(); return;
            case '{' or '[': Open(c); break;
            case '}' or ']': Close(c); break;
            case '=' or ':' when _inKey && !InList: EndKey(); break;
            case '\n' or ',':
                EndValue();
                if (c == '\n') _line++;
                break;
            case '$' when StartsWith("${"): Wrong(_line, "'${' refers to another value, which is not supported: write the value itself, or set the key's environment variable"); break;
            default:
                if (NeedQuotes.Contains(c) || (InList && c is ('=' or ':' or '+'))) Wrong(_line, $"'{c}' stands outside of quotes: write the text that has it in double quotes");
                _word.Append(c);
                break;
        }

        _at++;
        if (_inKey && _word.Length >= 8 && _word.ToString().TrimStart() is "include " or "include\t") Wrong(_line, "'include' is not supported: keep all keys in one file");
    }

    private void Quoted()
    {
        // In a key Akka's parser never comes back from one; no key of ours takes a text of several lines.
        if (StartsWith("\"\"\""))
        {
            Wrong(_line, "three quotes are not supported: write the text in single double quotes");
            return;
        }

        var end = EndOfString(_at + 1);
        if (end < 0)
        {
            Wrong(_line, "a quote is opened and never closed");
            return;
        }

        _word.Append(_text, _at + 1, end - _at - 1);
        _at = end + 1;
    }

    private int EndOfString(int start)
    {
        for (var i = start; i < _text.Length && _text[i] != '\n'; i++)
        {
            if (_text[i] == '"') return i;
            if (_text[i] == '\\') i++;
        }

        return -1;
    }

    private void Open(char bracket)
    {
        if (bracket == '{' && _inKey && _word.ToString().Trim().Length > 0) EndKey();
        if (_open.Count == MostDepth) Wrong(_line, $"brackets are nested deeper than {MostDepth}");
        _open.Push((bracket, _line, _inKey ? Prefix : _key));
        _inKey = bracket == '{';
        _word.Clear();
    }

    private void Close(char bracket)
    {
        if (!_open.TryPop(out var open) || open.Bracket != (bracket == '}' ? '{' : '['))
        {
            Wrong(_line, $"'{bracket}' closes nothing that is open");
            return;
        }

        _inKey = false;
        _key = "";
        _word.Clear();
        if (bracket == '}' && !InList && _text.AsSpan(_at + 1).TrimStart(" \t") is [',', ..])
            Wrong(_line, "a comma stands after '}', which the parser does not take: leave it out, and begin the next key on a new line");
    }

    private void EndKey()
    {
        _key = Prefix.Length == 0 ? _word.ToString().Trim() : $"{Prefix}.{_word.ToString().Trim()}";
        _lines[_key] = _line;
        _inKey = false;
        _word.Clear();
    }

    private void EndValue()
    {
        if (!InList)
        {
            // A brace may stand on the line after its key.
            if (!_inKey || _word.ToString().Trim().Length == 0) _word.Clear();
            _inKey = true;
        }
    }

    private bool StartsWith(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private void Wrong(int line, string what) => Mistake ??= (line, what);
}
