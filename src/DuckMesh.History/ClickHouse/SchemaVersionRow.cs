using ClickHouse.Driver;

namespace DuckMesh.History.ClickHouse;

/// <summary>The schema was brought to this version.</summary>
internal sealed class SchemaVersionRow(uint version)
{
    [ClickHouseColumn(Name = "version", Type = "UInt32")]
    public uint Version => version;
}
