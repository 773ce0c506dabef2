namespace DuckMesh.History.Delivery;

/// <summary>A block was not stored this time.</summary>
/// <param name="Fault">Why; <see cref="HistoryFault.Unavailable"/> too for an exception that the store did not foresee.</param>
/// <param name="Attempt">How often in a row it has failed, from 1.</param>
/// <param name="Wait">Until it is tried again.</param>
/// <param name="Error">What the store said; its message is one line without a password.</param>
public sealed record DeliveryFailure(HistoryFault Fault, int Attempt, TimeSpan Wait, Exception Error);
