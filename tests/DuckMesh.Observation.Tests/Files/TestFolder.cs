using System.Globalization;

namespace DuckMesh.Observation.Tests.Files;

/// <summary>A folder of its own for one test, removed with all that is in it.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("duckmesh-files-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>A file whose name nobody else has.</summary>
    public string Next() => this[string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():n}.duckdb")];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
