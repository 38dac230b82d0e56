using System.Globalization;
using Talon.Chaos.Records;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Chaos.Checking;

/// <summary>An accepted event with everything that the journal says about it.</summary>
internal sealed record JournalledEvent(string Bucket, long Sequence, Facts.Accepted Accepted, IReadOnlyList<Facts.AboutEvent> Facts)
{
    private const string Prefix = "chaos event ";

    /// <summary>The number of the event in the load; null when it is none of the load's.</summary>
    public int? Number =>
        Accepted.Event.Output.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(Accepted.Event.Output.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    public string Subject => $"{Accepted.Event.Output} in {Bucket} at {Sequence}";

    /// <summary>The actions of the plan, in order.</summary>
    public IEnumerable<PlannedAction> Actions => Accepted.Plan.Rules.SelectMany(rule => rule.Actions);

    /// <summary>Whether it was set aside, which ends all of its actions.</summary>
    public bool IsParked => Facts.OfType<Facts.Finished>().Any(f => f.Outcome is ActionOutcome.Failed { Kind: FailureKind.Parked });

    /// <summary>The accepted events of a journal.</summary>
    public static IReadOnlyList<JournalledEvent> Of(IReadOnlyList<JournalEntry> journal)
    {
        var about = journal.Where(entry => entry.Fact is Facts.AboutEvent).ToLookup(
            entry => (entry.Bucket, ((Facts.AboutEvent)entry.Fact).Event), entry => (Facts.AboutEvent)entry.Fact);
        return [.. journal.Where(entry => entry.Fact is Facts.Accepted).Select(entry =>
            new JournalledEvent(entry.Bucket, entry.Sequence, (Facts.Accepted)entry.Fact, [.. about[(entry.Bucket, entry.Sequence)]]))];
    }

    public IReadOnlyList<Facts.Finished> FinishedOf(int position) => [.. Facts.OfType<Facts.Finished>().Where(f => f.Position == position)];

    public IReadOnlyList<Facts.Started> StartedOf(int position) => [.. Facts.OfType<Facts.Started>().Where(s => s.Position == position)];

    /// <summary>The first action that still has to be done in any rule; null when nothing has.</summary>
    public PlannedAction? FirstUnfinished()
    {
        if (IsParked)
        {
            return null;
        }

        foreach (var rule in Accepted.Plan.Rules)
        {
            foreach (var action in rule.Actions)
            {
                var finished = FinishedOf(action.Position);
                if (finished.Count == 0)
                {
                    return action;
                }

                if (finished[0].Outcome is ActionOutcome.Failed && !action.IgnoreErrors)
                {
                    break; // a failure ends its rule
                }
            }
        }

        return null;
    }
}
