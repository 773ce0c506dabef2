using System.Collections.Immutable;
using DuckMesh.Cluster.Ledger;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Cluster.Cells;

/// <summary>
/// The bounded queue of a cell's transitions between proposal and storage. Pure. Numbers go on from the stored story, so after a failed write "was it stored?"
/// needs no query: what has a number up to the story's last was.
/// </summary>
public sealed class TransitionQueue(int capacity)
{
    private readonly Queue<StoredTransition> _waiting = new();
    private ImmutableArray<StoredTransition> _sent = [];
    private long _no;

    /// <summary>Transitions were refused since the last <see cref="TakeOverflow"/>: their databases must be reconciled.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Waiting, or sent and not yet stored.</summary>
    public int Count => _waiting.Count + _sent.Length;

    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>All that is not stored yet, in order.</summary>
    public IEnumerable<StoredTransition> Unstored => _sent.Concat(_waiting);

    /// <summary>False when the queue is full: the transition is refused.</summary>
    public bool Add(Transition transition)
    {
        if (Count >= capacity)
        {
            Overflowed = true;
            return false;
        }

        _waiting.Enqueue(new StoredTransition(++_no, transition));
        return true;
    }

    /// <summary>Takes up to <paramref name="most"/> to be written now; they stay unstored until <see cref="Stored"/> or <see cref="Recovered"/>.</summary>
    public ImmutableArray<StoredTransition> Send(int most)
    {
        if (_sent.Length > 0) throw new InvalidOperationException("One write at a time.");
        var count = Math.Min(most, _waiting.Count);
        var sent = ImmutableArray.CreateBuilder<StoredTransition>(count);
        for (var i = 0; i < count; i++) sent.Add(_waiting.Dequeue());
        return _sent = sent.MoveToImmutable();
    }

    /// <summary>What was sent is stored. Returns it.</summary>
    public ImmutableArray<StoredTransition> Stored()
    {
        var stored = _sent;
        _sent = [];
        return stored;
    }

    /// <summary>The story was read (again): what it has is stored, also if the write seemed to fail; the rest waits once more. Nothing is added before the first call.</summary>
    public void Recovered(long lastNo)
    {
        var left = Unstored.Where(t => t.No > lastNo).ToArray();
        _sent = [];
        _waiting.Clear();
        foreach (var t in left) _waiting.Enqueue(t);
        _no = Math.Max(_no, lastNo);
    }

    /// <summary>Were transitions refused, and is there room again?</summary>
    public bool TakeOverflow()
    {
        if (!Overflowed || Count > 0) return false;
        Overflowed = false;
        return true;
    }
}
