using Talon.Chaos.Records;

namespace Talon.Chaos.Checking;

/// <summary>What runs at a moment, by the journal.</summary>
internal static class InFlight
{
    /// <returns>The address of the node of each attempt that is started and has neither an outcome nor a retry.</returns>
    /// <param name="journal">The journal now.</param>
    /// <param name="execsOnly">Whether only commands count.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<JournalEntry> journal, bool execsOnly)
    {
        var nodes = new List<string>();
        foreach (var e in JournalledEvent.Of(journal))
        {
            foreach (var action in e.Actions.Where(action => !execsOnly || Effects.VerbOf(action) == "exec"))
            {
                if (e.StartedOf(action.Position) is [.., var last]
                    && e.FinishedOf(action.Position).Count == 0
                    && !e.Facts.OfType<Cluster.Wire.Facts.RetryScheduled>().Any(r => r.Position == action.Position && r.Attempt == last.Attempt))
                {
                    nodes.Add(last.Node);
                }
            }
        }

        return nodes;
    }
}
