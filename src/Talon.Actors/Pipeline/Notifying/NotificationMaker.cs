using System.Collections.Immutable;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Pipeline.State;
using Talon.Actors.Plugins;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Pipeline.Notifying;

/// <summary>
/// Makes the notification of a final outcome, redacted. Every outcome gives one: success, failure, ignored, dry run, and the failures
/// that no attempt of their own ended (interrupted, expired, parked).
/// </summary>
internal static class NotificationMaker
{
    private const int LongestText = 8192;
    private const int LongestEvent = 2048;
    private const int LongestName = 512;
    private const int MostObjects = 50;

    /// <param name="state">The event after the fact.</param>
    /// <param name="dryRun">Whether the configuration makes every rule a dry run.</param>
    /// <returns>That of the action, and behind it that of its artifact when there is one.</returns>
    public static ImmutableArray<Notification> Make(EventState state, Facts.Finished fact, bool dryRun)
    {
        var action = OfAction(state, fact, dryRun);
        return action.Artifact is { } artifact ? [action, OfOutput(state, fact, action, artifact)] : [action];
    }

    // What failed before anything was journalled as started has failed a check.
    private static string KindOf(EventState state, Facts.Finished fact) =>
        fact.Outcome is ActionOutcome.Failed && !state.History.OfType<Facts.Started>().Any(started => started.Position == fact.Position) ? "check" : "action";

    private static Notification OfOutput(EventState state, Facts.Finished fact, Notification action, ArtifactReport artifact) => action with
    {
        Id = RecordId.Of(state, fact.Position, "output"),
        Kind = "output",
        Status = artifact.Stored ? "success" : "failure",
        FailureKind = artifact.Stored ? null : action.FailureKind,
        Text = artifact.Text,
        Objects = artifact.Objects.IsEmpty ? action.Objects : artifact.Objects,
        Target = null,
    };

    private static Notification OfAction(EventState state, Facts.Finished fact, bool dryRun)
    {
        var accepted = state.Accepted;
        var rule = state.RuleOf(fact.Position);
        var action = state.ActionAt(fact.Position);
        var outcome = fact.Outcome;
        return new Notification
        {
            Id = RecordId.Of(state, fact.Position, KindOf(state, fact)),
            Kind = KindOf(state, fact),
            At = DateTimeOffset.FromUnixTimeMilliseconds(fact.At),
            Rule = Redaction.Clean(rule.Name, LongestName),
            Action = Redaction.Clean(action.Name, LongestName),
            Actionner = action.Actionner.ToString(),
            Event = Redaction.Clean(accepted.Event.Output, LongestEvent),
            FalcoRule = Redaction.Clean(accepted.Event.Rule, LongestName),
            Priority = Redaction.Clean(accepted.Event.PriorityText, LongestName),
            Status = outcome.Status,
            FailureKind = outcome is ActionOutcome.Failed failed ? OutcomeText.Word(failed.Kind) : null,
            Text = Redaction.Clean(TextOf(outcome), LongestText),
            DryRun = dryRun || rule.DryRun,
            Objects = Clean(outcome.Objects.IsEmpty ? PodOf(state) : outcome.Objects),
            Target = state.Actions[fact.Position].Target,
            Artifact = outcome.Artifact is { } artifact
                ? artifact with { Text = Redaction.Clean(artifact.Text, LongestText), Objects = Clean(artifact.Objects) }
                : null,
            TraceId = accepted.TraceId,
            EventKey = state.Key,
            Position = fact.Position,
        };
    }

    private static string TextOf(ActionOutcome outcome) => string.Join('\n', outcome.Captured
        .Where(captured => !captured.Inline)
        .Select(captured => $"{captured.Name}: {captured.Bytes} bytes, sha256 {captured.Sha256}")
        .Prepend(OutcomeText.Of(outcome)));

    // What ended without an attempt of its own knows no objects, yet a person wants to know which pod nothing was done about.
    private static ImmutableSortedDictionary<string, string> PodOf(EventState state)
    {
        var falcoEvent = state.Accepted.Event;
        return NamespaceName.TryCreate(falcoEvent.Namespace, out var namespaceName) && KubeName.TryCreate(falcoEvent.PodName, out var pod)
            ? Objects.None.Add("namespace", namespaceName.Value).Add("pod", pod.Value)
            : Objects.None;
    }

    private static ImmutableSortedDictionary<string, string> Clean(ImmutableSortedDictionary<string, string> objects)
    {
        var clean = Objects.None.ToBuilder();
        foreach (var (name, value) in objects.Take(MostObjects))
        {
            clean[Redaction.Clean(name, LongestName)] = Redaction.Clean(value, LongestName);
        }

        return clean.ToImmutable();
    }
}
