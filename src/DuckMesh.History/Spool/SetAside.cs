namespace DuckMesh.History.Spool;

/// <summary>A folder for what can't be stored, so that a person can look into it: files of the spool's own form. Bounded: the oldest files go first.</summary>
internal sealed class SetAside(string folder)
{
    /// <summary>Enough to see what is wrong; it is of no other use.</summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    /// <summary>Of any size; so that ever so many small ones do not fill a folder.</summary>
    public const int MaxFiles = 1000;

    /// <summary>Moves a file here.</summary>
    public void Move(string path) => Put(target => File.Move(path, target, overwrite: true), Path.GetFileName(path), new FileInfo(path).Length);

    public void Write(string name, byte[] bytes) => Put(target => File.WriteAllBytes(target, bytes), name, bytes.Length);

    private void Put(Action<string> put, string name, long bytes)
    {
        Directory.CreateDirectory(folder);
        var files = new Queue<(string Path, long Bytes)>(
            new DirectoryInfo(folder).GetFiles().OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal).Select(f => (f.FullName, f.Length)));
        var held = files.Sum(f => f.Bytes);
        while (files.Count > 0 && (held + bytes > MaxBytes || files.Count >= MaxFiles))
        {
            var oldest = files.Dequeue();
            File.Delete(oldest.Path);
            held -= oldest.Bytes;
        }

        put(Path.Combine(folder, name));
    }
}
