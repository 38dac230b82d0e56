using System.Collections.Immutable;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Actors.Pipeline.State;

/// <summary>
/// The state of one accepted event: a pure function of its facts. It decides what may run next; actors only carry that out.
/// Rules are worked on in file order; within a rule each action waits for the one before it.
/// </summary>
public sealed record EventState
{
    private EventState(long sequence, Facts.Accepted accepted)
    {
        Sequence = sequence;
        Accepted = accepted;
        History = [accepted];
        Actions = [.. accepted.Plan.Rules.SelectMany(rule => rule.Actions).Select(_ => ActionState.Fresh)];
    }

    /// <summary>How many processes may resume an event without progress before it is set aside: it may be what ends them.</summary>
    public const int MaxResumes = 3;

    /// <summary>How often one process may resume an event without progress. More: what begins the bucket anew is mostly its database.</summary>
    public const int MaxResumesByOne = 20;

    /// <summary>The sequence number of its <c>Accepted</c> fact.</summary>
    public long Sequence { get; }

    /// <summary>How it was accepted.</summary>
    public Facts.Accepted Accepted { get; }

    /// <summary>Its identity: <c>EventId-sequence</c>.</summary>
    public string Key => $"{Accepted.EventId}-{Sequence}";

    /// <summary>All its facts so far. Bounded by the retry window.</summary>
    public ImmutableList<IFact> History { get; private init; }

    /// <summary>The state of each action, by position in the plan.</summary>
    public ImmutableArray<ActionState> Actions { get; private init; }

    /// <summary>By how many processes it was resumed since its last progress; one that comes back counts again.</summary>
    public int Resumes { get; private init; }

    /// <summary>How often the last of them has resumed it.</summary>
    public int ResumesByLast { get; private init; }

    /// <summary>The incarnation of the last of them; null when there was none.</summary>
    public string? ResumedBy { get; private init; }

    /// <summary>Whether it was resumed so often without progress that it has to be set aside.</summary>
    public bool IsResumedTooOften => Resumes >= MaxResumes || ResumesByLast >= MaxResumesByOne;

    /// <summary>Whether it was set aside.</summary>
    public bool IsParked { get; private init; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsComplete => IsParked || Accepted.Plan.Rules.All(rule => NextOf(rule) is null);

    /// <summary>The state of an event that was just accepted.</summary>
    /// <param name="sequence">The sequence number of the fact.</param>
    public static EventState From(long sequence, Facts.Accepted accepted) => new(sequence, accepted);

    /// <summary>The next action of a rule; null when the rule is through or was ended by a failure.</summary>
    public PlannedAction? NextOf(PlannedRule rule)
    {
        foreach (var action in rule.Actions)
        {
            var state = Actions[action.Position];
            if (state.Phase != ActionPhase.Over)
            {
                return action;
            }

            if (state.Outcome is ActionOutcome.Failed && !action.IgnoreErrors)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The rule that an action belongs to.</summary>
    public PlannedRule RuleOf(int position) => Accepted.Plan.Rules.First(rule => rule.Actions.Any(a => a.Position == position));

    /// <summary>The action at a position of the plan.</summary>
    public PlannedAction ActionAt(int position) => RuleOf(position).Actions.First(a => a.Position == position);

    /// <summary>The key of the open attempt of an action; null when none is open.</summary>
    public ActionKey? OpenKey(int bucket, int position) => Actions[position] is { Open: { } open } state
        ? new ActionKey(bucket, Sequence, position, state.Attempt, open.Run)
        : null;

    /// <summary>
    /// Whether an outcome of that attempt is news: the attempt is open, or would be the next (it ended before it was journalled as
    /// started, or the open one was given up). Only an open attempt tells its runs apart.
    /// </summary>
    /// <param name="run">The run of the attempt; see <see cref="ActionKey.Run"/>.</param>
    public bool Expects(int position, int attempt, int run)
    {
        if (IsComplete || (uint)position >= (uint)Actions.Length)
        {
            return false;
        }

        var state = Actions[position];
        return state.Phase switch
        {
            ActionPhase.Open => (state.Attempt == attempt && state.Open!.Run == run) || state.Attempt + 1 == attempt,
            ActionPhase.Waiting => state.Attempt + 1 == attempt && NextOf(RuleOf(position))?.Position == position,
            _ => false,
        };
    }

    /// <summary>
    /// Whether that attempt may be journalled as started: it is the next of the action whose turn it is. An outcome that was
    /// journalled in between has taken its place.
    /// </summary>
    public bool MayStart(Facts.Started started)
    {
        return !IsComplete
            && (uint)started.Position < (uint)Actions.Length
            && Actions[started.Position].Attempt + 1 == started.Attempt
            && NextOf(RuleOf(started.Position))?.Position == started.Position;
    }

    /// <summary>The state after one more fact.</summary>
    public EventState Apply(Facts.AboutEvent fact)
    {
        var next = this with { History = History.Add(fact) };
        return fact switch
        {
            Facts.Started started => next.With(started.Position, s => s with
            {
                Phase = ActionPhase.Open,
                Attempt = started.Attempt,
                Open = started,
                Target = s.Target ?? started.Target,
                MayBeDone = true,
                MayHaveBeenDoneBefore = s.MayBeDone,
                NotBefore = null,
            }),
            Facts.Finished finished => next.With(finished.Position, s => s with
            {
                Phase = ActionPhase.Over,
                Attempt = Math.Max(s.Attempt, finished.Attempt),
                Open = null,
                NotBefore = null,
                Outcome = finished.Outcome,
            }).Progressed() with
            {
                IsParked = IsParked || finished.Outcome is ActionOutcome.Failed { Kind: FailureKind.Parked },
            },
            Facts.RetryScheduled retry => next.With(retry.Position, s => s with
            {
                Phase = ActionPhase.Waiting,
                Attempt = retry.Attempt,
                Open = null,
                MayBeDone = s.Phase == ActionPhase.Open && retry.Kind.ProvablyNotDone() ? s.MayHaveBeenDoneBefore : s.MayBeDone,
                FirstFailureAt = s.FirstFailureAt ?? retry.At,
                NotBefore = retry.At + retry.DelayMs,
            }).Progressed(),
            Facts.Resumed resumed when resumed.Incarnation == ResumedBy => next with { ResumesByLast = ResumesByLast + 1 },
            Facts.Resumed resumed => next with { Resumes = Resumes + 1, ResumesByLast = 1, ResumedBy = resumed.Incarnation },
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact.GetType().Name, "not a fact about an event"),
        };
    }

    private EventState Progressed() => this with { Resumes = 0, ResumesByLast = 0, ResumedBy = null };

    private EventState With(int position, Func<ActionState, ActionState> change) =>
        this with { Actions = Actions.SetItem(position, change(Actions[position])) };
}
