namespace DuckMesh.Node.Demo.Workloads;

/// <summary>Written once, then only held open.</summary>
internal sealed class Archive : Workload
{
    public Archive(string database)
        : base(database, "memory_limit=128MB")
    {
        Run("CREATE TABLE IF NOT EXISTS documents AS SELECT i AS id, md5(i::VARCHAR) AS content FROM range(200000) r(i)");
        Run("CHECKPOINT");
    }

    public override TimeSpan Pause => TimeSpan.FromMinutes(1);

    public override void Step()
    {
    }
}
