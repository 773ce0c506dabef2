using DuckMesh.Model.Databases;
using DuckMesh.Model.Readings;
using DuckMesh.Observation.Posix;

namespace DuckMesh.Observation.Files;

/// <summary>
/// Reads one database's files. Keeps what it saw last, so that an idle database costs three system calls (its file, its log, its spill folder) and no memory:
/// the same observation is then returned again. Keeps no descriptor between looks: one would hold the space of a deleted file. Not thread-safe: one look at a time.
/// </summary>
public sealed class FileProbe(OwnDatabases own, TimeProvider? time = null) : IDisposable
{
    /// <summary>A file that is replaced by rename right under our look is there at the next try.</summary>
    private const int MaxReplacements = 3;

    private const string Deleted = "was deleted, and a process still has it open: what it holds is lost when that process ends or closes it";

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly MainFile _main = new(own, time ?? TimeProvider.System);
    private readonly WalReader _wal = new(own, time ?? TimeProvider.System);
    private ProbePath? _path;
    private FileObservation? _last;

    /// <summary>Blocks as long as the file system does; never throws for what it finds there.</summary>
    /// <param name="accessPath">How this process reaches the file, as <see cref="FilePath"/> writes it.</param>
    /// <param name="only">The file that it must lead to; null: whichever it means.</param>
    public FileObservation Read(string accessPath, FileIdentity? only = null)
    {
        if (_path?.Text != accessPath)
        {
            _path = ProbePath.Create(accessPath);
            if (_path is null) return Publish(Presence.Unreadable, "its path is none: it has a zero byte or is no valid text", null, null);
            Forget();
        }

        var fault = ReadMain(only, out var status, out var now);
        if (status.Kind != FileKind.Regular)
        {
            Forget();
            return Publish(fault.Kind == FileFaultKind.Absent ? Presence.Absent : Presence.Unreadable, fault.Describe(), null, null);
        }

        if (status.Links == 0) return Publish(Presence.Absent, Deleted, null, null);
        if (fault.Kind == FileFaultKind.None && _main.Verdict == HeaderVerdict.Foreign) return Publish(Presence.Unreadable, _main.Reason, null, null);

        // The files beside it; a descriptor's link has none, though the database may.
        long? temp = null;
        if (!_path.IsDescriptor)
        {
            var known = fault.Kind == FileFaultKind.None && _main.Verdict == HeaderVerdict.Valid;
            _wal.Read(_path, mayOpen: fault.Kind != FileFaultKind.Own, known ? _main.Header : null, now);
            temp = TempFolder.SizeBytes(_path.With(".tmp"u8));
        }

        if (fault.Kind == FileFaultKind.Own) return Publish(Presence.Present, fault.Describe(), _wal.Reading, temp);
        if (fault.Kind != FileFaultKind.None) return Publish(Presence.Unreadable, fault.Describe(), _wal.Reading, temp);
        var presence = _main.Verdict == HeaderVerdict.Valid && !_main.CutShort ? Presence.Present : Presence.Unreadable;
        return Publish(presence, _main.Reason, _wal.Reading, temp);
    }

    public void Dispose() => Forget();

    // The status is that of no regular file when there is none to be read.
    private FileFault ReadMain(FileIdentity? only, out FileStatus status, out long now)
    {
        var path = _path!.With([]);
        var fault = default(FileFault);
        var attempts = 0;
        do
        {
            now = _time.GetTimestamp();
            status = FileStatus.Of(path, follow: true, out var error);
            if (error != 0) return FileFault.OfError(error);
            if (status.Kind != FileKind.Regular) return new FileFault(FileFaultKind.NotRegular, File: status.Kind);
            if (only is { } one && status.Identity != one)
            {
                status = default;
                return new FileFault(FileFaultKind.Absent);
            }

            fault = _main.Read(path, status, now);
            if (fault.Kind == FileFaultKind.Absent) status = default;
        }
        while (fault.Kind == FileFaultKind.Replaced && ++attempts < MaxReplacements);
        return fault;
    }

    private void Forget()
    {
        _main.Forget(null);
        _wal.Forget();
    }

    private FileObservation Publish(Presence presence, string? reason, WalReading? wal, long? temp)
    {
        var same = _last is not null && _last.Presence == presence && _last.Reason == reason
            && ReferenceEquals(_last.File, _main.Reading) && ReferenceEquals(_last.Wal, wal) && _last.TempBytes == temp;
        if (!same)
        {
            _last = new FileObservation(presence, reason) { File = _main.Reading, Wal = wal, TempBytes = temp };
        }

        return _last!;
    }
}
