using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using DuckMesh.Model.Databases;
using DuckMesh.Observation.Files;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// Walks the folders of a glob, round after round, on a thread of its own: a mount that hangs, or a folder with a million files, holds up nothing but this walk.
/// Paths without a wildcard that are on one mount share a walk.
/// </summary>
internal sealed class WatchWalk : IDisposable
{
    /// <summary>Deeper than people nest folders; a stack and a table of descriptors hold it easily.</summary>
    private const int MaxDepth = 100;

    /// <summary>Folders that can't be read and are named one by one; the others are counted.</summary>
    private const int MaxTroubles = 10;

    /// <summary>One system call that takes longer than this hangs, for all that a monitor can tell.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const long Resting = long.MinValue;

    private readonly ImmutableArray<WatchPattern> _patterns;
    private readonly WatchPatternSet _exclude;
    private readonly OwnDatabases _own;
    private readonly FileSystems _fileSystems;
    private readonly Func<FileIdentity, string?> _knownPath;
    private readonly TimeProvider _time;
    private readonly WalkPace _pace;
    private readonly WatchedFiles _files = new();
    private readonly ConcurrentQueue<Watched> _found = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _troubles = [];
    private volatile WatchPattern _pattern;
    private int _otherTroubles;
    private volatile string[] _warnings = [];
    private volatile bool _wentRound;
    private volatile int _next;
    private volatile byte[] _at = [];
    private long _since = Resting;

    /// <param name="patterns">One glob, or paths without wildcard.</param>
    /// <param name="knownPath">How a file that is known is reached; null for one that is not.</param>
    public WatchWalk(
        ImmutableArray<WatchPattern> patterns, WatchPatternSet exclude, OwnDatabases own, FileSystems fileSystems, Func<FileIdentity, string?> knownPath, TimeProvider time)
    {
        _patterns = patterns;
        _pattern = patterns[0];
        _exclude = exclude;
        _own = own;
        _fileSystems = fileSystems;
        _knownPath = knownPath;
        _time = time;
        _pace = new WalkPace(time);
        new Thread(Run) { IsBackground = true, Name = $"watch {_pattern}" }.Start();
    }

    public bool IsLiteral => _patterns[0].IsLiteral;

    /// <summary>Every folder of the glob was read at least once.</summary>
    public bool WentRound => _wentRound;

    /// <summary>A file system has not answered for a while.</summary>
    public bool IsStuck => Volatile.Read(ref _since) is not Resting and var since && _time.GetElapsedTime(since) >= Patience;

    /// <summary>Those that were not looked at in the first round yet.</summary>
    public ReadOnlySpan<WatchPattern> Unanswered => _wentRound ? [] : _patterns.AsSpan()[_next..];

    public void AddWarnings(List<string> warnings)
    {
        warnings.AddRange(_warnings);
        if (IsStuck) warnings.Add($"watch '{_pattern}': {FilePath.FromBytes(_at)} does not answer, and what lies behind it is not found: look at its disk or mount");
    }

    public bool TryTake(out Watched watched) => _found.TryDequeue(out watched);

    public void Dispose() => _stop.Cancel();

    private void Run()
    {
        try
        {
            do Round();
            while (!_stop.Token.WaitHandle.WaitOne(_pace.EndRound()));
        }
        catch (OperationCanceledException)
        {
            // disposed
        }
    }

    private void Round()
    {
        _pace.StartRound();
        _files.StartRound();
        for (_next = 0; _next < _patterns.Length; _next++)
        {
            var pattern = _pattern = _patterns[_next];
            try
            {
                foreach (var glob in pattern.Alternatives) Walk(glob, [], glob.Start, depth: 0, followLinks: true);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A defect of ours must cost this walk only, never the node.
                Trouble($"watch '{pattern}' failed and is tried again: {e.Message.ReplaceLineEndings(" ")} ({e.GetType().Name}); please report this");
            }
        }

        if (_files.TooMany) Trouble(string.Create(CultureInfo.InvariantCulture, $"watch '{_pattern}' matches more than {WatchedFiles.MaxDatabases} databases, or {WatchedFiles.MaxOddities} files that are only named like one, and no more are looked at: write a narrower glob"));
        _files.EndRound();
        EndTroubles();
        Volatile.Write(ref _since, Resting);
        _wentRound = true;
    }

    /// <param name="folder">Without a slash at its end; empty: the root.</param>
    private void Walk(GlobPath glob, byte[] folder, ulong states, int depth, bool followLinks)
    {
        if (glob.OnlyName(states) is { } only)
        {
            Enter(glob, [.. folder, (byte)'/', .. only], FileKind.None, states, only, depth, followLinks);
            return;
        }

        if (IsPseudo(folder)) return;
        if (depth > MaxDepth)
        {
            Trouble(string.Create(CultureInfo.InvariantCulture, $"watch '{_pattern}': folder {FilePath.FromBytes(folder)} is deeper than {MaxDepth} others and not read: name what is in it"));
            return;
        }

        Note(folder);
        using var reader = FolderReader.Open([.. folder, (byte)'/', 0], out var error);
        if (reader is null)
        {
            if (error is not (Libc.ENOENT or Libc.ENOTDIR)) Trouble($"watch '{_pattern}': folder {FilePath.FromBytes(folder)} can't be read: {Marshal.GetPInvokeErrorMessage(error)}; run the node as a user who may");
            return;
        }

        while (reader.Next(out var name, out var kind, out _))
        {
            Rest();
            var next = glob.Next(states, name, out _);
            if (next != 0) Enter(glob, [.. folder, (byte)'/', .. name], kind, states, name, depth, followLinks: false);
            Note(folder);
        }
    }

    /// <param name="followLinks">A folder that the glob names may be a symbolic link; one that a wildcard finds is followed only by name, so no walk goes in circles.</param>
    private void Enter(GlobPath glob, byte[] path, FileKind kind, ulong states, ReadOnlySpan<byte> name, int depth, bool followLinks)
    {
        var next = glob.Next(states, name, out var followed);
        if (kind == FileKind.SymbolicLink && !followLinks) next = followed;
        if (next == 0 || _exclude.Covers(path)) return;
        if (glob.Accepts(next)) Look(path);
        if (glob.GoesOn(next) && kind is FileKind.None or FileKind.Folder or FileKind.SymbolicLink) Walk(glob, path, next, depth + 1, followLinks);
    }

    private void Look(byte[] path)
    {
        Note(path);
        byte[] ended = [.. path, 0];
        var status = FileStatus.Of(ended, follow: true, out var error);
        if (error != 0 || status.Kind == FileKind.Folder)
        {
            if (IsLiteral) _found.Enqueue(new Watched(FilePath.FromBytes(path), Configured: true, null));
            return;
        }

        // What is named like a database, or expected by name, counts as one: its probe says what is wrong with it.
        var isDatabase = KindOf(ended, status) == FindingKind.Database;
        if (!isDatabase && !IsLiteral && !Magic.IsNamedLikeDatabase(path, path)) return;
        if (!_files.MayTell(status, oddity: !isDatabase, out var told)) return;
        var text = FilePath.FromBytes(status.Kind == FileKind.Regular ? RealPath(path) : path);
        var again = told is not null && (told == text || IsAt(told, status.Identity));
        _files.Tell(status, again ? told! : text, oddity: !isDatabase);
        if (again && !IsLiteral) return;
        var mounts = _fileSystems.Mounts();
        _found.Enqueue(new Watched(FilePath.FromBytes(path), IsLiteral, new Finding(FindingKind.Database)
        {
            Identity = status.Identity,
            BornNanoseconds = status.BornNanoseconds,
            Path = text,
            AccessPath = text,
            KnownStays = _knownPath(status.Identity) is { } known && IsAt(known, status.Identity),
            Mount = mounts.FindByDevice(status.Identity.Device) ?? mounts.FindByPath(text),
        }));
    }

    private FindingKind KindOf(byte[] ended, in FileStatus status)
    {
        if (status.Kind != FileKind.Regular) return FindingKind.Other;
        if (_files.TryRecall(status, out var known)) return known;
        var kind = Magic.Read(ended, status, _own, out _);
        _files.Remember(status, kind);
        return kind;
    }

    // Where the walk is, and since when.
    private void Note(byte[] path)
    {
        _at = path;
        Volatile.Write(ref _since, _time.GetTimestamp());
    }

    private void Rest()
    {
        if (_pace.Rest() is not { Ticks: > 0 } rest) return;
        Volatile.Write(ref _since, Resting);
        if (_stop.Token.WaitHandle.WaitOne(rest)) throw new OperationCanceledException();
        _pace.Resume();
    }

    /// <summary><c>/proc</c>, <c>/sys</c> and their like hold no databases, only endless folders, and files that act when they are read.</summary>
    private bool IsPseudo(byte[] folder) => folder.Length > 0 && _fileSystems.Mounts().FindAt(FilePath.FromBytes(folder)) is { } mount && MountTable.IsPseudo(mount.Type);

    private void Trouble(string text)
    {
        if (_troubles.Count < MaxTroubles) _troubles.Add(text);
        else _otherTroubles++;
    }

    private void EndTroubles()
    {
        if (_otherTroubles > 0) _troubles.Add(string.Create(CultureInfo.InvariantCulture, $"watch '{_pattern}': {_otherTroubles} more folders can't be read"));
        _warnings = [.. _troubles];
        _troubles.Clear();
        _otherTroubles = 0;
    }

    private static bool IsAt(string path, FileIdentity identity) => FileStatus.Of([.. FilePath.ToBytes(path), 0], follow: true, out _).Identity == identity;

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
