using System.Buffers.Text;

namespace DuckMesh.Observation.Processes;

/// <summary>What we need of <c>/proc/&lt;pid&gt;/stat</c> (format: man 5 proc_pid_stat).</summary>
/// <param name="State">R, S, D, Z, ...</param>
/// <param name="CpuTicks">User and system time.</param>
/// <param name="StartTicks">When the process started, counted from the boot of the host.</param>
internal readonly record struct ProcessStat(char State, ulong CpuTicks, ulong StartTicks)
{
    /// <summary>USER_HZ: the kernel counts these times in it on every architecture that .NET runs on, whatever its own clock is.</summary>
    public const int TicksPerSecond = 100;

    private const int UserTime = 14;
    private const int SystemTime = 15;
    private const int StartTime = 22;

    /// <summary>It has ended and only its parent has not noticed: it holds nothing any more.</summary>
    public bool HasEnded => State is 'Z' or 'X' or 'x';

    /// <summary>The name of a program may hold blanks, parentheses and newlines: what counts is the last closing parenthesis.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ProcessStat stat)
    {
        stat = default;
        var rest = text[(text.LastIndexOf((byte)')') + 1)..];
        if (rest.Length == text.Length || rest is not [(byte)' ', ..]) return false;
        rest = rest[1..];
        var state = '\0';
        ulong cpu = 0;
        for (var field = 3; field <= StartTime; field++)
        {
            var end = rest.IndexOf((byte)' ');
            var value = end < 0 ? rest.TrimEnd((byte)'\n') : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (field == 3)
            {
                if (value.Length != 1) return false;
                state = (char)value[0];
            }
            else if (field is UserTime or SystemTime or StartTime)
            {
                if (!Utf8Parser.TryParse(value, out ulong number, out var used) || used != value.Length) return false;
                if (field == StartTime) stat = new ProcessStat(state, cpu, number);
                else cpu = unchecked(cpu + number);
            }
        }

        return true;
    }

    /// <summary>The name that the kernel keeps of the program, 15 bytes at most.</summary>
    public static ReadOnlySpan<byte> Command(ReadOnlySpan<byte> text)
    {
        var start = text.IndexOf((byte)'(') + 1;
        var end = text.LastIndexOf((byte)')');
        return start > 0 && end > start ? text[start..end] : [];
    }
}
