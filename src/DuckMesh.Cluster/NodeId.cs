using System.Security.Cryptography;

namespace DuckMesh.Cluster;

/// <summary>What tells a node from every other, over restarts and changes of address: a random word made once, in its data folder.</summary>
/// <param name="Value">16 hexadecimal digits.</param>
public sealed record NodeId(string Value)
{
    public const string FileName = "node.id";

    private const int Digits = 16;

    /// <summary>Reads the id of the folder's node, or makes it.</summary>
    /// <exception cref="NodeIdException">The file can't be read or written, or has something else in it.</exception>
    public static NodeId Of(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path)) Write(path, RandomNumberGenerator.GetHexString(Digits, lowercase: true));
            var text = File.ReadAllText(path).Trim();
            if (text.Length == Digits && text.All(char.IsAsciiHexDigitLower)) return new NodeId(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeIdException($"the node's id in {path} can't be read or made: {e.Message.TrimEnd('.')}; name another folder with DUCKMESH_DATA or the key data.", e);
        }

        throw new NodeIdException($"{path} is no node id; remove it, and this node begins as a new one.");
    }

    public override string ToString() => Value;

    /// <summary>Whole or not at all: half an id would be another node's.</summary>
    private static void Write(string path, string id)
    {
        var making = path + ".new";
        using (var file = new FileStream(making, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(id + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(making, path);
    }
}
