using DuckMesh.History.Tests.Conformance;

namespace DuckMesh.History.Tests.ClickHouse;

[Collection(SharedEngine.Name)]
public sealed class ClickHouseStoringTests : StoringConformance<ClickHousePlace>;

[Collection(SharedEngine.Name)]
public sealed class ClickHouseReadingTests : ReadingConformance<ClickHousePlace>;

[Collection(SharedEngine.Name)]
public sealed class ClickHouseRangeModelTests : RangeModelConformance<ClickHousePlace>;

[Collection(SharedEngine.Name)]
public sealed class ClickHouseEventTests : EventConformance<ClickHousePlace>;

[Collection(SharedEngine.Name)]
public sealed class ClickHouseRetentionTests : RetentionConformance<ClickHousePlace>;

[Collection(SharedEngine.Name)]
public sealed class ClickHouseMigrationTests : MigrationConformance<ClickHousePlace>;

[Collection(SharedEngine.Name)]
public sealed class ClickHouseBadInputTests : BadInputConformance<ClickHousePlace>;

[Collection(SharedEngine.Name)]
public sealed class ClickHouseKilledWriterTests : KilledWriterConformance<ClickHousePlace>;
