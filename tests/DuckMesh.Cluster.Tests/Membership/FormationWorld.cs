using System.Collections.Immutable;
using System.Globalization;
using DuckMesh.Cluster.Membership;
using Microsoft.Extensions.Time.Testing;

namespace DuckMesh.Cluster.Tests.Membership;

/// <summary>
/// Nodes, their database and a clock, second by second: starters look every 2 s, members beat every 6 s, the table obeys as the SQL of <see cref="MemberTable"/> does.
/// Throws where a node does what it must not.
/// </summary>
internal sealed class FormationWorld
{
    public const int Nodes = 4;

    /// <summary>Not taken from the code: this is what it must keep to.</summary>
    private const int GivenUpAfter = 30;

    private readonly FakeTimeProvider _time = new(Some.Noon);
    private readonly Dictionary<string, Stored> _rows = [];
    private readonly Node[] _nodes = [.. Enumerable.Range(0, Nodes).Select(i => new Node(i))];
    private long _founding;
    private int _second;
    private bool _faults;

    public bool DatabaseUp { get; private set; } = true;

    public IEnumerable<long> Foundings => _nodes.Where(n => n.Member is not null).Select(n => n.Member!.Value).Distinct();

    public int Members => _nodes.Count(n => n.Member is not null);

    public void Start(int node)
    {
        if (_nodes[node].Running) return;
        _nodes[node].Formation = new Formation(_nodes[node].Host, _nodes[node].Id, "akka", _time);
        _nodes[node].Run++;
    }

    /// <summary>kill -9.</summary>
    public void Kill(int node) => _nodes[node].Stop();

    /// <summary>SIGTERM.</summary>
    public void Leave(int node)
    {
        if (_nodes[node].Running && Reaches(_nodes[node]) && Own(_nodes[node]) is not null) _rows.Remove(_nodes[node].Host);
        _nodes[node].Stop();
    }

    public void Database(bool up)
    {
        DatabaseUp = up;
        _faults |= !up;
    }

    public void Cut(int node, bool cut)
    {
        _nodes[node].Cut = cut;
        _faults |= cut;
    }

    public void Heal()
    {
        DatabaseUp = true;
        foreach (var node in _nodes) node.Cut = false;
    }

    /// <summary>One second goes by.</summary>
    public void Tick()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _second++;
        foreach (var node in _nodes.Where(n => n.Running))
        {
            if (node.Member is not null && (_second + node.Index) % 6 == 0) Beat(node);
            else if (node.Member is null && (_second + node.Index) % 2 == 0) Look(node);
        }

        var current = _nodes.Where(n => n.Member == _founding).ToArray();
        if (!_faults && Foundings.Count() > 1) throw new InvalidOperationException($"two clusters after {_second} s without any fault of the database");
        if (current.Any(n => n.Superseded)) throw new InvalidOperationException("a member of the present founding was ended");
    }

    private void Look(Node node)
    {
        if (!Reaches(node))
        {
            node.Formation!.LookFailed();
            node.WatchingSince = null;
            return;
        }

        node.WatchingSince ??= _second;

        var step = node.Formation!.Decide(new Look(_founding, [.. _rows.Values.Select(Row)]));
        switch (step)
        {
            case FormationStep.Found found:
                if (_nodes.FirstOrDefault(n => n.Member == _founding) is { } living)
                {
                    if (_second - living.BeatAt < GivenUpAfter)
                        throw new InvalidOperationException($"node {node.Index} founds the cluster at {_second} s, though node {living.Index} was heard of at {living.BeatAt} s");
                    if (_second - node.WatchingSince < GivenUpAfter)
                        throw new InvalidOperationException($"node {node.Index} founds the cluster at {_second} s beside node {living.Index}, and has watched only since {node.WatchingSince} s");
                }

                _founding = found.Founding;
                Write(node, MemberState.Up, _founding);
                Become(node, _founding);
                break;
            case FormationStep.Join join:
                Write(node, MemberState.Joining, join.Founding);
                if (join.Addresses.Any(a => _nodes.Any(n => n.Address == a && n.Member == join.Founding))) Become(node, join.Founding);
                break;
            case FormationStep.Wait { Announced: true }:
                Write(node, MemberState.Starting, 0);
                break;
            case FormationStep.Refuse:
                throw new InvalidOperationException("each node has a host of its own");
        }
    }

    private void Beat(Node node)
    {
        if (!Reaches(node)) return;
        if (Own(node) is { State: MemberState.Joining or MemberState.Up } row && row.Founding == node.Member && _founding == node.Member)
        {
            _rows[node.Host] = row with { State = MemberState.Up, SeenAt = _second };
            node.BeatAt = _second;
            return;
        }

        node.Superseded = node.Member == _founding;
        node.Stop();
    }

    private static void Become(Node node, long founding) => node.Member = founding;

    private Stored? Own(Node node) => _rows.GetValueOrDefault(node.Host) is { } row && row.Node == node.Id && row.Run == node.Run ? row : null;

    private void Write(Node node, MemberState state, long founding)
    {
        _rows[node.Host] = new Stored(node.Host, node.Id, node.Address, node.Run, state, founding, _second);
        if (state == MemberState.Up) node.BeatAt = _second;
    }

    private MemberRow Row(Stored row) => new(
        row.Host, row.Node, row.Address, row.State, row.Founding, _second - row.SeenAt <= MemberTable.FreshFor.TotalSeconds, Some.Noon.UtcDateTime.AddSeconds(row.SeenAt));

    private bool Reaches(Node node) => DatabaseUp && !node.Cut;

    private sealed record Stored(string Host, NodeId Node, string Address, int Run, MemberState State, long Founding, int SeenAt);

    private sealed class Node(int index)
    {
        public int Index => index;

        public string Host => $"h{index}";

        public NodeId Id { get; } = new(index.ToString("x16", CultureInfo.InvariantCulture));

        public string Address => $"akka://{index}/{Run}";

        public int Run { get; set; }

        public bool Cut { get; set; }

        public Formation? Formation { get; set; }

        public long? Member { get; set; }

        public int? WatchingSince { get; set; }

        public int BeatAt { get; set; }

        public bool Superseded { get; set; }

        public bool Running => Formation is not null;

        public void Stop()
        {
            Formation = null;
            Member = null;
            WatchingSince = null;
        }
    }
}
