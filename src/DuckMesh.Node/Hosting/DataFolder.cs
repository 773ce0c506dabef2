using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace DuckMesh.Node.Hosting;

/// <summary>
/// The node's own folder, held by a lock for as long as the node runs: two nodes on one journal would each announce half of the alerts. The kernel frees the lock when
/// the process ends, however it ends. The file stays: to remove it would let two nodes hold locks on two files of one name.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockFile = "node.lock";

    private readonly FileStream _lock;

    private DataFolder(FileStream held) => _lock = held;

    /// <exception cref="StartException">The folder can't be made or written, or another node holds it.</exception>
    public static DataFolder Claim(string path)
    {
        FileStream? file = null;
        try
        {
            ThrowIfFile(path);
            Directory.CreateDirectory(path);
            file = new FileStream(Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            if (FileLock.TryExclusive(file.SafeFileHandle) is var error and not 0) throw NotHeld(path, file, error);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            return new DataFolder(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            file?.Dispose();
            throw new StartException($"the data folder {path} can't be written: {e.Message.TrimEnd('.')}; name one that can with DUCKMESH_DATA or the key data.", e);
        }
        catch (StartException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>A file stands where a folder is wanted: what .NET says of it is no help.</summary>
    /// <exception cref="StartException">It does.</exception>
    public static void ThrowIfFile(string path)
    {
        for (var part = path; part is not null; part = Path.GetDirectoryName(part))
        {
            if (Directory.Exists(part)) return;
            if (File.Exists(part)) throw new StartException($"the data folder {path} can't be made: {part} is a file; name a folder with DUCKMESH_DATA or the key data.");
        }
    }

    public void Dispose() => _lock.Dispose();

    private static StartException NotHeld(string path, FileStream file, int error)
    {
        if (error != FileLock.Held) return new StartException($"the data folder {path} can't be locked: {Marshal.GetPInvokeErrorMessage(error)}; name one on a local disk with DUCKMESH_DATA or the key data.");
        var bytes = new byte[16];
        var text = Encoding.ASCII.GetString(bytes, 0, file.Read(bytes)).Trim();
        var holder = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? $" with pid {pid}" : "";
        return new StartException($"the data folder {path} belongs to another running node{holder}; stop that one, or name another folder with DUCKMESH_DATA or the key data.");
    }
}
