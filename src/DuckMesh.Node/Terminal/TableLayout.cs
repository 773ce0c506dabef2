namespace DuckMesh.Node.Terminal;

/// <summary>
/// How wide each column of the table is on a terminal of some width. Columns with figures have a fixed width; those with text get what their longest text asks for, and
/// give way, the widest first, where that is too much. On a terminal too narrow for all, columns are left out. Pure, so that rows do not jump about.
/// </summary>
/// <param name="Widths">Cells by column; a column that is left out has none.</param>
internal sealed record TableLayout(IReadOnlyDictionary<string, int> Widths)
{
    public const string Database = "database";
    public const string Owner = "owner";
    public const string Size = "size";
    public const string Wal = "WAL";
    public const string Cpu = "CPU";
    public const string Memory = "memory";
    public const string Alerts = "alerts";
    public const string Path = "path";

    /// <summary>Between two columns.</summary>
    public const int Gap = 2;

    /// <summary>A size such as <c>99.9 MB</c>.</summary>
    private const int SizeWidth = 7;

    /// <summary>A share such as <c>100 %</c>.</summary>
    private const int ShareWidth = 5;

    private const int LeastDatabase = 10;
    private const int LeastOwner = 8;

    /// <summary>The longest name of a rule, and how many more there are.</summary>
    private const int LeastAlerts = 16;

    /// <summary>Less of a path says nothing.</summary>
    private const int LeastPath = 24;

    public static readonly IReadOnlyList<string> Order = [Database, Owner, Size, Wal, Cpu, Memory, Alerts, Path];

    /// <summary>What is left out first on a narrow terminal.</summary>
    private static readonly string[] Dispensable = [Wal, Memory, Cpu, Owner, Size];

    /// <summary>Of all columns and the gaps between them.</summary>
    public int Width => Total(Widths);

    public int Of(string column) => Widths.GetValueOrDefault(column);

    public static bool IsFigure(string column) => column is Size or Wal or Cpu or Memory;

    /// <param name="database">Cells of the longest name; so the others.</param>
    public static TableLayout For(int width, int database, int owner, int alerts, int path)
    {
        var widths = new Dictionary<string, int>
        {
            [Database] = Math.Max(LeastDatabase, database),
            [Owner] = Math.Max(LeastOwner, owner),
            [Size] = SizeWidth,
            [Wal] = SizeWidth,
            [Cpu] = ShareWidth,
            [Memory] = Memory.Length,
            [Alerts] = Math.Max(LeastAlerts, alerts),
        };
        var least = new Dictionary<string, int>(widths) { [Database] = LeastDatabase, [Owner] = LeastOwner, [Alerts] = LeastAlerts };
        foreach (var column in Dispensable.TakeWhile(_ => Total(least) > width))
        {
            least.Remove(column);
            widths.Remove(column);
        }

        while (Total(widths) > width && widths.Where(w => w.Value > least[w.Key]).Select(w => w.Key).ToList() is { Count: > 0 } wide) widths[wide.MaxBy(c => widths[c])!]--;
        var left = width - Total(widths) - Gap;
        if (left >= LeastPath) widths[Path] = Math.Min(left, path);
        return new TableLayout(widths);
    }

    private static int Total(IReadOnlyDictionary<string, int> widths) => widths.Values.Sum() + (Gap * (widths.Count - 1));
}
