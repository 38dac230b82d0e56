using System.Globalization;
using Talon.Chaos.Records;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Chaos.Checking;

/// <summary>What must hold between the facts of one action and the effects that were seen.</summary>
internal static class ActionRules
{
    /// <summary>The parameter of the label actions that tells the rule sets apart.</summary>
    public const string Label = "talon-chaos";

    /// <param name="e">The event.</param>
    /// <param name="action">An action of its plan.</param>
    /// <param name="seen">The effects of the action's verb on the event's pod.</param>
    /// <param name="shared">Whether the same event was accepted more than once, so that the effect may be another one's.</param>
    public static IEnumerable<Violation> Check(JournalledEvent e, PlannedAction action, IReadOnlyList<SeenEffect> seen, bool shared)
    {
        var finished = e.FinishedOf(action.Position);
        var started = e.StartedOf(action.Position);
        string subject = $"{e.Subject}, '{action.Name}'";
        if (finished.Count > 1)
        {
            yield return new Violation(ViolationKind.Doubled, subject, $"it has {finished.Count} outcomes: {string.Join(", ", finished)}");
        }

        foreach (var same in started.GroupBy(s => s.Attempt).Where(same => same.Count() > 1))
        {
            yield return new Violation(ViolationKind.Doubled, subject, $"attempt {same.Key} was started {same.Count()} times: {string.Join(", ", same)}");
        }

        if (seen.Count > 0 && started.Count == 0 && !shared)
        {
            yield return new Violation(ViolationKind.Stray, subject, $"it has an effect at {Time(seen[0].Time)} and was never started");
        }
        else if (seen.Count > 0 && started.Count > 0 && seen.Min(s => s.Time).ToUnixTimeMilliseconds() < started.Min(s => s.At))
        {
            yield return new Violation(
                ViolationKind.OutOfOrder, subject, $"its effect came at {Time(seen.Min(s => s.Time))}, before Started at {Time(DateTimeOffset.FromUnixTimeMilliseconds(started.Min(s => s.At)))}");
        }

        if (finished.Count == 0 || shared)
        {
            yield break; // unfinished, or finished twice: reported elsewhere
        }

        switch (finished[0].Outcome)
        {
            case ActionOutcome.Succeeded when seen.Count == 0:
                yield return new Violation(ViolationKind.Lost, subject, "it is reported as done, but nothing was done");
                break;
            case ActionOutcome.Ignored ignored when seen.Count == 0:
                yield return new Violation(ViolationKind.Lost, subject, $"its pod was there, but it was ignored: {ignored.Reason}");
                break;
            case ActionOutcome.Ignored ignored:
                yield return new Violation(ViolationKind.Misreported, subject, $"it was done, but is reported as ignored: {ignored.Reason}");
                break;
            case ActionOutcome.Failed failed when seen.Count > 0 && IsNever(failed.Kind):
                yield return new Violation(ViolationKind.Misreported, subject, $"it was done, but is reported as {failed.Kind}: {failed.Reason}");
                break;
        }
    }

    /// <summary>Whether the labels of a pod at the end are those of the plan; null when they are, or cannot be told.</summary>
    public static Violation? CheckLabels(JournalledEvent e, IReadOnlyDictionary<string, string>? labels)
    {
        var action = e.Actions.FirstOrDefault(a => a.Actionner.ToString() == "kubernetes:label");
        if (labels is null || action is null || e.FinishedOf(action.Position) is not [{ Outcome: ActionOutcome.Succeeded }, ..])
        {
            return null;
        }

        string? planned = action.Parameters.GetTextMap("labels").GetValueOrDefault(Label);
        string? actual = labels.GetValueOrDefault(Label);
        return planned == actual
            ? null
            : new Violation(ViolationKind.PlanBroken, $"{e.Subject}, '{action.Name}'", $"the plan sets the label to '{planned}', but it is '{actual}'");
    }

    // Failures that say nothing was sent. An earlier attempt may have been carried out, so that the retry kinds are not among them.
    private static bool IsNever(FailureKind kind) =>
        kind is FailureKind.Invalid or FailureKind.NotFound or FailureKind.Unauthorized or FailureKind.Forbidden or FailureKind.UnknownActionner;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
