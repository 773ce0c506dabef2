using DuckMesh.Alerting.Conditions;
using DuckMesh.Model.Alerts;

namespace DuckMesh.Alerting;

/// <summary>Rules about the monitor itself. No batch decides them; the room that sees the trouble announces them.</summary>
public static class NodeRules
{
    /// <summary>
    /// Announced by the notifier itself, as its episode can't be stored. 10 s: the time for which transitions wait for the journal before they are announced unrecorded.
    /// </summary>
    public static Rule JournalDown { get; } = new("JournalDown", new OfNode("duckmesh_journal_up"), 0, TimeSpan.FromSeconds(10), Severity.Critical, "notify",
        "The node can't write its journal: alerts go on unrecorded, commands and acknowledgements are refused.");
}
