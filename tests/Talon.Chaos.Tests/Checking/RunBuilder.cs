using System.Collections.Immutable;
using Talon.Chaos.Checking;
using Talon.Chaos.Load;
using Talon.Chaos.Records;
using Talon.Cluster.Wire;
using Talon.Rules.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Chaos.Tests.Checking;

/// <summary>Makes records of runs: at first one in which everything went well, then with something planted.</summary>
internal sealed class RunBuilder
{
    public static readonly DateTimeOffset Begin = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _labels = new(StringComparer.Ordinal);
    private UInt128 _delivery = 1;

    public List<ChaosEvent> Events { get; } = [];

    public List<Answer> Answers { get; } = [];

    public List<JournalEntry> Journal { get; } = [];

    public List<SeenEffect> Effects { get; } = [];

    public List<SeenEffect> Repeats { get; } = [];

    public static ImmutableSortedDictionary<string, string> Nothing => ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>A moment of the run.</summary>
    public static DateTimeOffset At(double seconds) => Begin.AddSeconds(seconds);

    public static ActionOutcome Failure(FailureKind kind) => new ActionOutcome.Failed(kind, "it went wrong", Nothing);

    public static PlannedAction Action(int position, string actionner, string label = "a") => new()
    {
        Position = position,
        Name = $"action {position}",
        Actionner = ActionnerName.Parse(actionner),
        Parameters = actionner == "kubernetes:label"
            ? ParameterMap.Empty.With("labels", new ParameterValue.Map(ParameterMap.Empty.With(ActionRules.Label, new ParameterValue.Text(label))))
            : ParameterMap.Empty,
        IgnoreErrors = false,
    };

    public RunRecord Build(TimeSpan? window = null) => new()
    {
        Events = Events,
        Answers = Answers,
        Journal = Journal,
        Effects = Effects,
        Repeats = Repeats,
        Labels = _labels,
        DuplicateWindow = window ?? TimeSpan.FromHours(1),
    };

    public Verdict Check(TimeSpan? window = null) => Checker.Check(Build(window));

    /// <summary>An event that is posted but not answered yet.</summary>
    public ChaosEvent Post(WorkKind kind = WorkKind.Terminate)
    {
        int number = Events.Count;
        var chaos = new ChaosEvent(number, kind, ChaosEvent.PodOf(number), $"uid-{number}", "0123456789ab");
        Events.Add(chaos);
        return chaos;
    }

    public void Answer(ChaosEvent chaos, AnswerKind kind, double sent = 0, double answered = 0.1) =>
        Answers.Add(new Answer(chaos.Number, 0, Copy: false, At(sent), At(answered), kind, kind == AnswerKind.Unknown ? null : 200, ""));

    /// <summary>Journals the acceptance of an event.</summary>
    /// <returns>Its sequence number.</returns>
    public long Accept(ChaosEvent chaos, double at = 0.05, string bucket = "bucket-1", DeliveryId? delivery = null, string hash = "cafe", params PlannedAction[] actions)
    {
        var parsed = FalcoEventParser.Parse(EventBody.Of(chaos, At(at))).Event!;
        PlannedAction[] planned = actions.Length > 0 ? actions : [Action(0, "kubernetes:terminate")];
        return Write(bucket, new Facts.Accepted(
            delivery ?? new DeliveryId(_delivery++),
            EventId.Compute(parsed),
            "0af7651916cd43dd8448eb211c80319c",
            new EventPlan(hash, [new PlannedRule("rule", DryRun: false, [], [.. planned])]),
            parsed,
            Milliseconds(at)));
    }

    public void Start(long e, int position = 0, int attempt = 1, double at = 0.2, string bucket = "bucket-1") => Write(
        bucket, new Facts.Started(e, position, attempt, 1, "node", "incarnation", null, 30_000, Milliseconds(at)));

    public void Finish(long e, ActionOutcome? outcome = null, int position = 0, int attempt = 1, double at = 0.4, string bucket = "bucket-1") => Write(
        bucket, new Facts.Finished(e, position, attempt, outcome ?? new ActionOutcome.Succeeded("done", Nothing), Milliseconds(at)));

    public long Write(string bucket, IFact fact)
    {
        long sequence = _last.GetValueOrDefault(bucket) + 1;
        _last[bucket] = sequence;
        Journal.Add(new JournalEntry(bucket, sequence, fact));
        return sequence;
    }

    public void Effect(ChaosEvent chaos, string verb = "delete", double at = 0.3) => Effects.Add(new SeenEffect(At(at), verb, "pods", chaos.Pod, chaos.Uid));

    public void Labelled(ChaosEvent chaos, string value) =>
        _labels[chaos.Uid] = new Dictionary<string, string>(StringComparer.Ordinal) { [ActionRules.Label] = value };

    /// <summary>An event with which all goes well.</summary>
    public (ChaosEvent Chaos, long Sequence) Good(WorkKind kind = WorkKind.Terminate, double posted = 0, double done = 0.3, string bucket = "bucket-1")
    {
        string actionner = kind switch
        {
            WorkKind.Terminate => "kubernetes:terminate",
            WorkKind.Label => "kubernetes:label",
            _ => "kubernetes:exec",
        };
        var chaos = Post(kind);
        Answer(chaos, AnswerKind.Accepted, posted, posted + 0.1);
        long sequence = Accept(chaos, posted, bucket, actions: Action(0, actionner));
        Start(sequence, at: posted, bucket: bucket);
        Effect(chaos, kind switch { WorkKind.Terminate => "delete", WorkKind.Label => "patch", _ => "exec" }, done);
        Finish(sequence, at: done, bucket: bucket);
        return (chaos, sequence);
    }

    private static long Milliseconds(double at) => At(at).ToUnixTimeMilliseconds();
}
