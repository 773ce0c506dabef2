using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// Walks the folders of one glob, round after round, on a thread of its own: a mount that hangs, or a folder with a million files, holds up nothing but its glob.
/// What was looked into is not opened again until it changes.
/// </summary>
internal sealed class WatchWalk : IDisposable
{
    /// <summary>Databases that one glob may name: more than any host has.</summary>
    public const int MaxFiles = 50_000;

    /// <summary>Files remembered as no database, 40 bytes each; those beyond are opened anew in each round.</summary>
    private const int MaxOthers = 200_000;

    /// <summary>A rest after so many names keeps a walk over a large folder at a fraction of a core and its disk free for others.</summary>
    private const int NamesPerRest = 2_000;

    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    /// <summary>Between two rounds: a new file is known about this long after it was made.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly WatchPattern _pattern;
    private readonly WatchPatternSet _exclude;
    private readonly OwnDatabases _own;
    private readonly FileSystems _fileSystems;
    private readonly Func<FileIdentity, string?> _knownPath;
    private readonly ConcurrentQueue<Watched> _found = new();
    private readonly Dictionary<FileIdentity, (long Changed, FindingKind Kind)> _looked = [];
    private readonly Dictionary<FileIdentity, string> _told = [];
    private readonly CancellationTokenSource _stop = new();
    private volatile string[] _warnings = [];
    private volatile bool _wentRound;
    private List<string> _troubles = [];
    private int _names;

    /// <param name="knownPath">How a file that is known is reached; null for one that is not.</param>
    public WatchWalk(WatchPattern pattern, WatchPatternSet exclude, OwnDatabases own, FileSystems fileSystems, Func<FileIdentity, string?> knownPath)
    {
        _pattern = pattern;
        _exclude = exclude;
        _own = own;
        _fileSystems = fileSystems;
        _knownPath = knownPath;
        new Thread(Run) { IsBackground = true, Name = $"watch {pattern}" }.Start();
    }

    public bool IsLiteral => _pattern.IsLiteral;

    /// <summary>Every folder of the glob was read at least once.</summary>
    public bool WentRound => _wentRound;

    public string[] Warnings => _warnings;

    public bool TryTake(out Watched watched) => _found.TryDequeue(out watched);

    public void Dispose() => _stop.Cancel();

    private void Run()
    {
        try
        {
            do Round();
            while (!_stop.Token.WaitHandle.WaitOne(Between));
        }
        catch (OperationCanceledException)
        {
            // disposed
        }
    }

    private void Round()
    {
        _troubles = [];
        if (_looked.Count > MaxOthers) _looked.Clear();
        foreach (var glob in _pattern.Alternatives) Walk(glob, [], glob.Start, followLinks: true);
        _warnings = [.. _troubles];
        _wentRound = true;
    }

    /// <param name="folder">Without a slash at its end; empty: the root.</param>
    private void Walk(GlobPath glob, byte[] folder, ulong states, bool followLinks)
    {
        if (glob.OnlyName(states) is { } only)
        {
            Enter(glob, [.. folder, (byte)'/', .. only], FileKind.None, states, only, followLinks);
            return;
        }

        using var reader = FolderReader.Open([.. folder, (byte)'/', 0], out var error);
        if (reader is null)
        {
            if (error is not (Libc.ENOENT or Libc.ENOTDIR)) _troubles.Add($"watch '{_pattern}': folder {FilePath.FromBytes(folder)} can't be read: {Marshal.GetPInvokeErrorMessage(error)}; run the node as a user who may");
            return;
        }

        while (reader.Next(out var name, out var kind, out _))
        {
            if (++_names % NamesPerRest == 0 && _stop.Token.WaitHandle.WaitOne(Rest)) throw new OperationCanceledException();
            var next = glob.Next(states, name, out _);
            if (next != 0) Enter(glob, [.. folder, (byte)'/', .. name], kind, states, name, followLinks: false);
        }
    }

    /// <param name="followLinks">A folder that the glob names may be a symbolic link; one that a wildcard finds is followed only by name, so no walk goes in circles.</param>
    private void Enter(GlobPath glob, byte[] path, FileKind kind, ulong states, ReadOnlySpan<byte> name, bool followLinks)
    {
        var next = glob.Next(states, name, out var followed);
        if (kind == FileKind.SymbolicLink && !followLinks) next = followed;
        if (next == 0 || _exclude.Covers(path)) return;
        if (glob.Accepts(next)) Look(path);
        if (glob.GoesOn(next) && kind is FileKind.None or FileKind.Folder or FileKind.SymbolicLink) Walk(glob, path, next, followLinks);
    }

    private void Look(byte[] path)
    {
        byte[] ended = [.. path, 0];
        var status = FileStatus.Of(ended, follow: true, out var error);
        if (error != 0 || status.Kind == FileKind.Folder)
        {
            if (_pattern.IsLiteral) _found.Enqueue(new Watched(FilePath.FromBytes(path), Configured: true, null));
            return;
        }

        var kind = KindOf(ended, status);
        if (kind != FindingKind.Database) return;
        var real = status.Kind == FileKind.Regular ? RealPath(path) : path;
        var text = FilePath.FromBytes(real);
        if (!_pattern.IsLiteral && _told.TryGetValue(status.Identity, out var told) && (told == text || IsAt(told, status.Identity))) return;
        if (_told.Count >= MaxFiles)
        {
            if (_troubles.Count == 0) _troubles.Add(string.Create(CultureInfo.InvariantCulture, $"watch '{_pattern}' matches more than {MaxFiles} databases, and no more are looked at: write a narrower glob"));
            return;
        }

        _told[status.Identity] = text;
        var mounts = _fileSystems.Mounts();
        _found.Enqueue(new Watched(FilePath.FromBytes(path), _pattern.IsLiteral, new Finding(FindingKind.Database)
        {
            Identity = status.Identity,
            BornNanoseconds = status.BornNanoseconds,
            Path = text,
            AccessPath = text,
            KnownStays = _knownPath(status.Identity) is { } known && IsAt(known, status.Identity),
            Mount = mounts.FindByDevice(status.Identity.Device) ?? mounts.FindByPath(text),
        }));
    }

    private static bool IsAt(string path, FileIdentity identity) => FileStatus.Of([.. FilePath.ToBytes(path), 0], follow: true, out _).Identity == identity;

    /// <summary>What is named like a database, or expected by name, counts as one: its probe says what is wrong with it.</summary>
    private FindingKind KindOf(byte[] ended, FileStatus status)
    {
        if (_pattern.IsLiteral || Magic.IsNamedLikeDatabase(ended.AsSpan(0, ended.Length - 1), ended.AsSpan(0, ended.Length - 1))) return FindingKind.Database;
        if (status.Kind != FileKind.Regular) return FindingKind.Other;
        if (_looked.TryGetValue(status.Identity, out var known) && known.Changed == status.ModifiedNanoseconds) return known.Kind;
        var kind = Magic.Read(ended, status, _own, out _);
        _looked[status.Identity] = (status.ModifiedNanoseconds, kind);
        return kind;
    }

    /// <summary>The path without symbolic links, as the kernel would name it; the path itself where that can't be told.</summary>
    private static unsafe byte[] RealPath(byte[] path)
    {
        var buffer = new byte[4097];   // PATH_MAX and the zero
        fixed (byte* from = (byte[])[.. path, 0])
        fixed (byte* to = buffer)
        {
            return Libc.RealPath(from, to) == 0 ? path : buffer.AsSpan(0, buffer.AsSpan().IndexOf((byte)0)).ToArray();
        }
    }
}
