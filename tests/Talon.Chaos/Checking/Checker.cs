using Talon.Chaos.Records;
using Talon.Rules.Outcomes;

namespace Talon.Chaos.Checking;

/// <summary>
/// Compares what the client was answered, what the journal says and what the stand-in saw. Pure: the same record always gives the
/// same verdict. It does not use Talon's own state machine, so that a fault in that cannot hide here.
/// </summary>
internal sealed class Checker
{
    private readonly RunRecord _run;
    private readonly IReadOnlyList<JournalledEvent> _journalled;
    private readonly Dictionary<int, ChaosEvent> _events;
    private readonly ILookup<string, SeenEffect> _effects;
    private readonly List<Violation> _violations = [];

    private Checker(RunRecord run)
    {
        _run = run;
        _journalled = JournalledEvent.Of(run.Journal);
        _events = run.Events.ToDictionary(e => e.Number);
        _effects = run.Effects.ToLookup(e => e.Uid, StringComparer.Ordinal);
    }

    /// <summary>Checks a run that is over.</summary>
    public static Verdict Check(RunRecord run) => new Checker(run).Check();

    private Verdict Check()
    {
        var answers = _run.Answers.ToLookup(a => a.Number);
        var accepted = _events.Keys.Where(number => answers[number].Any(a => a.Kind == AnswerKind.Accepted)).ToHashSet();
        var unknown = _events.Keys.Where(number => !accepted.Contains(number) && answers[number].Any(a => a.Kind == AnswerKind.Unknown)).ToHashSet();
        var journalled = _journalled.Where(e => e.Number is { } number && _events.ContainsKey(number)).ToLookup(e => e.Number!.Value);

        _violations.AddRange(JournalRules.Check(_run, _journalled));
        foreach (int number in accepted.Where(number => !journalled[number].Any()).Order())
        {
            Add(ViolationKind.Lost, _events[number].Output, "it was answered with 200 and is not in the journal");
        }

        foreach (var stranger in _journalled.Where(e => e.Number is not { } number || !_events.ContainsKey(number)))
        {
            Add(ViolationKind.Stray, stranger.Subject, "it is in the journal, but the client has never sent it");
        }

        foreach (var group in journalled)
        {
            CheckEvent(_events[group.Key], [.. group]);
        }

        CheckStrays(journalled);
        return new Verdict
        {
            Sent = _events.Keys.Count(number => answers[number].Any()),
            Posts = _run.Answers.Count,
            Accepted = accepted.Count,
            Refused = _events.Keys.Count(number => answers[number].Any() && !accepted.Contains(number) && !unknown.Contains(number)),
            Unknown = unknown.Count,
            Unconfirmed = journalled.Count(group => !accepted.Contains(group.Key)),
            Effects = _run.Effects.Count,
            Repeats = _run.Repeats.Count,
            Failures = _journalled
                .SelectMany(e => e.Facts.OfType<Cluster.Wire.Facts.Finished>())
                .Select(f => f.Outcome).OfType<ActionOutcome.Failed>()
                .GroupBy(f => f.Kind.ToString(), StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
            RuleSets = _journalled.Select(e => e.Accepted.Plan.RuleSetHash).Distinct(StringComparer.Ordinal).Count(),
            Violations = _violations,
        };
    }

    // Copies of one event lie within the duplicate window; a second acceptance is reported by JournalRules and is checked here as
    // a part of the same event: the pod may have been acted upon once in all.
    private void CheckEvent(ChaosEvent chaos, IReadOnlyList<JournalledEvent> journalled)
    {
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var e in journalled)
        {
            if (e.FirstUnfinished() is { } open)
            {
                Add(ViolationKind.Lost, e.Subject, $"action '{open.Name}' has no outcome: {string.Join(", ", e.Facts)}");
            }

            foreach (var action in e.Actions)
            {
                string verb = Effects.VerbOf(action);
                expected.Add(verb);
                var seen = _effects[chaos.Uid].Where(effect => effect.Verb == verb).ToList();
                foreach (var violation in ActionRules.Check(e, action, seen, journalled.Count > 1))
                {
                    _violations.Add(violation);
                }
            }

            if (ActionRules.CheckLabels(e, _run.Labels.GetValueOrDefault(chaos.Uid)) is { } label)
            {
                _violations.Add(label);
            }
        }

        foreach (var group in _effects[chaos.Uid].GroupBy(effect => effect.Verb, StringComparer.Ordinal))
        {
            if (!expected.Contains(group.Key))
            {
                Add(ViolationKind.PlanBroken, chaos.Output, $"{group.Key} of {chaos.Pod}, which no plan of it says");
            }
            else if (group.Count() > 1)
            {
                Add(ViolationKind.Doubled, chaos.Output, $"{group.Count()} effects by {group.Key} on {chaos.Pod}: {string.Join(", ", group.Select(e => $"{e.Time:HH:mm:ss.fff}"))}");
            }
        }
    }

    private void CheckStrays(ILookup<int, JournalledEvent> journalled)
    {
        var pods = _events.Values.ToDictionary(e => e.Uid, StringComparer.Ordinal);
        foreach (var effect in _run.Effects)
        {
            if (!pods.TryGetValue(effect.Uid, out var chaos))
            {
                Add(ViolationKind.Stray, $"{effect.Resource}/{effect.Name}", $"{effect.Verb} at {effect.Time:HH:mm:ss.fff} of an object that no event is about");
            }
            else if (!journalled[chaos.Number].Any())
            {
                Add(ViolationKind.Stray, chaos.Output, $"{effect.Verb} at {effect.Time:HH:mm:ss.fff}, but the event is not in the journal");
            }
        }
    }

    private void Add(ViolationKind kind, string subject, string what) => _violations.Add(new Violation(kind, subject, what));
}
