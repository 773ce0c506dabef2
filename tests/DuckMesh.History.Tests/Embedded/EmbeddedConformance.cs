using DuckMesh.History.Tests.Conformance;

namespace DuckMesh.History.Tests.Embedded;

public sealed class EmbeddedMigrationTests : MigrationConformance<EmbeddedPlace>;

public sealed class EmbeddedStoringTests : StoringConformance<EmbeddedPlace>;

public sealed class EmbeddedReadingTests : ReadingConformance<EmbeddedPlace>;

public sealed class EmbeddedRangeModelTests : RangeModelConformance<EmbeddedPlace>;

public sealed class EmbeddedEventTests : EventConformance<EmbeddedPlace>;

public sealed class EmbeddedRetentionTests : RetentionConformance<EmbeddedPlace>;

public sealed class EmbeddedBadInputTests : BadInputConformance<EmbeddedPlace>;

public sealed class EmbeddedKilledWriterTests : KilledWriterConformance<EmbeddedPlace>;
