namespace DuckMesh.Observation.Discovery;

/// <summary>A file to be looked at through a descriptor of the process that holds it.</summary>
/// <param name="Link">What the descriptor's link says: the path as the kernel has it, any bytes.</param>
internal sealed record LookUp(Held Held, byte[] Link)
{
    public int Pid => Held.Key.Pid;

    public int Descriptor { get; } = Held.Descriptor;

    public Finding Finding { get; set; } = Finding.Vanished;

    /// <summary>What went wrong in the look itself; null: nothing.</summary>
    public string? Error { get; set; }
}
