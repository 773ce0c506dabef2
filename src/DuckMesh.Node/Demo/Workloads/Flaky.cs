namespace DuckMesh.Node.Demo.Workloads;

/// <summary>Commits to its write-ahead log until it is killed, so that its crash leaves commits behind.</summary>
internal sealed class Flaky : Workload
{
    public Flaky(string database)
        : base(database, "memory_limit=64MB;checkpoint_threshold=1TB") =>
        Run("CREATE TABLE IF NOT EXISTS jobs (noted TIMESTAMP)");

    public override TimeSpan Pause => TimeSpan.FromMilliseconds(250);

    public override void Step() => Run("INSERT INTO jobs VALUES (now()::TIMESTAMP)");
}
