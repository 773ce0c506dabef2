using DuckMesh.Model.Databases;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Discovery;

/// <summary>
/// What a walk remembers of the files that it met: what it found in them, so that none is opened again before it changes, and under which path it told of them.
/// Bounded, and forgotten when a round does not meet the file again. Belongs to the thread of the walk.
/// </summary>
internal sealed class WatchedFiles
{
    /// <summary>Databases that one walk may tell of: twice as many as a host should have.</summary>
    public const int MaxDatabases = 20_000;

    /// <summary>Files that are named like databases and are none, of which one walk may tell: enough to see that something is wrong.</summary>
    public const int MaxOddities = 1_000;

    /// <summary>Files remembered as no database, some 60 bytes each; those beyond are opened anew in each round.</summary>
    public const int MaxOthers = 100_000;

    private readonly Dictionary<FileIdentity, Entry> _entries = [];
    private int _round;
    private int _databases;
    private int _oddities;
    private int _others;

    /// <summary>More matched in this round than may be told of.</summary>
    public bool TooMany { get; private set; }

    public int Count => _entries.Count;

    /// <summary>What the file was when it was looked into; false: it has to be opened.</summary>
    public bool TryRecall(in FileStatus status, out FindingKind kind)
    {
        kind = FindingKind.Other;
        if (!_entries.TryGetValue(status.Identity, out var entry) || entry.Changed != status.ChangedNanoseconds) return false;
        _entries[status.Identity] = entry with { Round = _round };
        kind = entry.Kind;
        return true;
    }

    public void Remember(in FileStatus status, FindingKind kind)
    {
        // What is only being made may change within one tick of the clock that stamps it.
        if (kind is not (FindingKind.Database or FindingKind.Other)) return;
        var known = _entries.TryGetValue(status.Identity, out var entry);
        if (!known && _others >= MaxOthers) return;
        if (!known) _others++;
        _entries[status.Identity] = entry with { Changed = status.ChangedNanoseconds, Kind = kind, Round = _round };
    }

    /// <summary>False when too many have been told of.</summary>
    /// <param name="oddity">It is no database, only named like one.</param>
    /// <param name="told">The path under which it was told of; null: it was not.</param>
    public bool MayTell(in FileStatus status, bool oddity, out string? told)
    {
        var entry = _entries.GetValueOrDefault(status.Identity);
        told = entry.Told;
        if (told is not null && entry.Oddity == oddity) return true;
        if (oddity ? _oddities < MaxOddities : _databases < MaxDatabases) return true;
        TooMany = true;
        return false;
    }

    public void Tell(in FileStatus status, string path, bool oddity)
    {
        if (_entries.TryGetValue(status.Identity, out var before)) Tally(before, -1);
        var now = before with { Told = path, Oddity = oddity, Round = _round };
        Tally(now, 1);
        _entries[status.Identity] = now;
    }

    public void StartRound()
    {
        _round++;
        TooMany = false;
    }

    /// <summary>Forgets what was not met in this round.</summary>
    public void EndRound()
    {
        foreach (var (identity, entry) in _entries)
        {
            if (entry.Round == _round) continue;
            _entries.Remove(identity);
            Tally(entry, -1);
        }
    }

    private void Tally(Entry entry, int change)
    {
        if (entry.Told is null) _others += change;
        else if (entry.Oddity) _oddities += change;
        else _databases += change;
    }

    private readonly record struct Entry(long Changed, FindingKind Kind, int Round, string? Told, bool Oddity);
}
