using DuckMesh.Model.Databases;

namespace DuckMesh.Observation.Discovery;

/// <summary>A database in the inventory, under whose lock it changes. Readers see <see cref="Sighting"/>.</summary>
internal sealed class KnownDatabase(DatabaseId id, string name)
{
    private volatile Sighting _sighting = new(id, name, "");

    public DatabaseId Id { get; } = id;

    public string Name { get; set; } = name;

    public bool Configured { get; set; }

    /// <summary>A glob named it since this node started; before that <see cref="Configured"/> may be what the ledger remembers.</summary>
    public bool Confirmed { get; set; }

    /// <summary>The file at its path, as far as is known; null: there was none yet.</summary>
    public FileIdentity? Identity { get; set; }

    public long BornNanoseconds { get; set; }

    /// <summary>Empty while it can't be reached: its mount namespace is gone.</summary>
    public string AccessPath { get; set; } = "";

    public ulong Device { get; set; }

    public string? FileSystem { get; set; }

    public bool Network { get; set; }

    public List<Held> Holders { get; } = [];

    /// <summary>Locks on a file that was deleted from its path.</summary>
    public List<Held> Ghosts { get; } = [];

    /// <summary>Tells whether another container of the same name is the same one; null for a file of our own namespace.</summary>
    public string? EnclosureId { get; set; }

    public ulong MountNamespace { get; set; }

    /// <summary>The process through whose root the file is reached.</summary>
    public int AccessPid { get; set; }

    /// <summary>Discovery knows that it is not at its path any more.</summary>
    public bool Gone { get; set; }

    /// <summary>The last look found no file. True until a first one finds it.</summary>
    public bool Absent { get; set; } = true;

    public bool Forgotten { get; set; }

    /// <summary>Waits to be looked up again.</summary>
    public bool Doubted { get; set; }

    public string? Note { get; set; }

    public Sighting Sighting { get => _sighting; set => _sighting = value; }

    public bool IsThere => !Gone && !Absent;
}
