using System.Text.Json.Nodes;

namespace DuckMesh.Owner;

/// <summary>What this program owns: one database, or many.</summary>
internal interface IOwned : IDisposable
{
    /// <summary>Carries out one command and gives the fields of its answer.</summary>
    JsonObject Do(JsonObject command);
}
