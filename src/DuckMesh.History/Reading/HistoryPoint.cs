namespace DuckMesh.History.Reading;

/// <param name="At">Where the bucket begins, Unix time in seconds.</param>
public readonly record struct HistoryPoint(long At, double Value);
