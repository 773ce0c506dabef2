using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace DuckMesh.Node.Configuration;

/// <summary>A configuration file as a tree of settings, each with the line on which it stands.</summary>
internal static partial class HoconFile
{
    /// <summary>All that DuckMesh can be told fits into some kilobytes; a file larger than this is another one.</summary>
    private const int MostBytes = 1024 * 1024;

    /// <summary>Everything in the file; null when it can't be read or is no HOCON.</summary>
    public static Setting? Read(string path, Mistakes mistakes)
    {
        string text;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new FileNotFoundException(Directory.Exists(path) ? "it is a folder" : "there is no such file");
            if (file.Length > MostBytes) throw new IOException($"it is larger than {MostBytes / 1024} KB");
            text = File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (DecoderFallbackException)
        {
            mistakes.Add($"{path}: the file is no UTF-8 text; name the configuration file with --config.");
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"{path}: the file can't be read: {e.Message.TrimEnd('.')}; name another with --config.");
            return null;
        }

        return Parse(path, text, mistakes);
    }

    public static Setting? Parse(string path, string text, Mistakes mistakes)
    {
        var outline = HoconText.Read(text);
        if (outline.Mistake is var (line, what))
        {
            mistakes.Add($"{path}:{line}: {what}.");
            return null;
        }

        try
        {
            return Of(ConfigurationFactory.ParseString(text).Root, "", path, outline);
        }
        catch (Exception e) when (e is not OutOfMemoryException) // the parser fails in many ways, a NullReferenceException among them
        {
            var position = Position().Match(e.Message);
            var at = position.Success ? $":{outline.LineAt(int.Parse(position.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture))}" : "";
            mistakes.Add($"{path}{at}: the text is no HOCON: write keys and values as in hocon/duckmesh.conf.");
            return null;
        }
    }

    private static Setting Of(HoconValue value, string key, string path, HoconText outline)
    {
        var setting = new Setting(outline.LineOf(key) is { } line ? $"{path}:{line}" : path);
        if (value.IsObject())
        {
            return setting with
            {
                Keys = [.. value.GetObject().Items.Select(i => KeyValuePair.Create(i.Key, Of(i.Value, key.Length == 0 ? i.Key : $"{key}.{i.Key}", path, outline)))],
            };
        }

        // A list that blanks or a comment follow is a list and a piece of white text to the parser.
        if (value.Values.OfType<HoconArray>().LastOrDefault() is { } list) return setting with { Items = [.. list.Select(i => Of(i, key, path, outline) with { Where = setting.Where })] };
        return setting with { Text = value.Values.Count == 0 ? "" : value.GetString()?.Trim() ?? "" };
    }

    [GeneratedRegex(@"position (\d{1,9})\b")]
    private static partial Regex Position();
}
