namespace DuckMesh.Node.Demo.Workloads;

/// <summary>A busy shop: small writes all the time, a report now and then, old rows deleted, checkpoints.</summary>
internal sealed class Orders : Workload
{
    private const int StepsPerReport = 10;
    private const int StepsPerCheckpoint = 150;   // a quarter of a minute, so that the counter is seen to move
    private long _step;

    public Orders(string database)
        : base(database, "memory_limit=64MB") =>
        Run("CREATE TABLE IF NOT EXISTS orders (id BIGINT, customer INTEGER, amount DECIMAL(10,2), placed TIMESTAMP)");

    public override TimeSpan Pause => TimeSpan.FromMilliseconds(100);

    public override void Step()
    {
        _step++;
        Run("INSERT INTO orders SELECT range, (random() * 500)::INTEGER, (random() * 100)::DECIMAL(10,2), now()::TIMESTAMP FROM range(5)");
        if (_step % StepsPerReport == 0)
            Run("SELECT customer, sum(amount) AS total FROM orders GROUP BY customer ORDER BY total DESC LIMIT 10");
        if (_step % StepsPerCheckpoint != 0)
            return;
        Run("DELETE FROM orders WHERE placed < now()::TIMESTAMP - INTERVAL 10 MINUTE");
        Run("CHECKPOINT");
    }
}
