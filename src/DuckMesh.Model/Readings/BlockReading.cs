namespace DuckMesh.Model.Readings;

/// <summary>Blocks of the file as of the last checkpoint, as <c>PRAGMA database_size</c> counts them. Total is Used + Free.</summary>
/// <param name="BlockBytes">Size of one block.</param>
public sealed record BlockReading(long Used, long Free, long BlockBytes)
{
    public long Total => Used + Free;
}
