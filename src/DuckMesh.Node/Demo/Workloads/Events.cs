namespace DuckMesh.Node.Demo.Workloads;

/// <summary>Writes and never checkpoints: about 2 MB of write-ahead log a minute.</summary>
internal sealed class Events : Workload
{
    /// <summary>Then it starts anew, after half an hour: a demo must not fill a disk.</summary>
    private const int MostSteps = 9000;

    private int _step;

    public Events(string database)
        : base(database, "memory_limit=256MB;checkpoint_threshold=1TB") =>
        Run("CREATE TABLE IF NOT EXISTS events (noted TIMESTAMP, payload VARCHAR)");

    public override TimeSpan Pause => TimeSpan.FromMilliseconds(200);

    public override void Step()
    {
        Run("INSERT INTO events SELECT now()::TIMESTAMP, repeat(md5(random()::VARCHAR), 4) FROM range(50)");
        if (++_step % MostSteps != 0)
            return;
        Run("DELETE FROM events");
        Run("CHECKPOINT");
    }
}
