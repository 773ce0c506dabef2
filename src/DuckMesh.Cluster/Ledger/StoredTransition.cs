using DuckMesh.Model.Alerts;

namespace DuckMesh.Cluster.Ledger;

/// <summary>A transition and its place in the cell's story: numbers count up by one per cell, over all of its lives.</summary>
public sealed record StoredTransition(long No, Transition Transition);
