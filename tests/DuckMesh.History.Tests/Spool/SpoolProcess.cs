using DuckMesh.History.Spool;

namespace DuckMesh.History.Tests.Spool;

/// <summary>A process that appends to a spool and delivers from it at once, as fast as it can, until it is killed.</summary>
internal static class SpoolProcess
{
    public const long SegmentBytes = 2_000;

    /// <summary>Says <c>a N</c> after block N was accepted, and <c>d N</c> after it was delivered; it goes on after the last block that the spool knows of.</summary>
    public static void Run(string folder)
    {
        using var spool = DiskSpool.Open(folder, new SpoolLimits(100_000_000, SegmentBytes));
        var number = int.Parse(Console.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        var delivering = new Thread(() =>
        {
            while (true)
            {
                if (spool.Next() is not { } entry) continue;
                spool.Delivered(entry);
                Say($"d {Blocks.NumberOf(entry.Block)}");
            }
        })
        { IsBackground = true };
        delivering.Start();
        while (true)
        {
            spool.Append(Blocks.Of(number), Blocks.MadeAt(number));
            Say($"a {number++}");
        }
    }

    private static void Say(string line)
    {
        lock (Console.Out)
        {
            Console.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
