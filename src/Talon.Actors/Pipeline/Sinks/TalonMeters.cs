using System.Diagnostics;
using System.Diagnostics.Metrics;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Telemetry;
using Talon.Rules.Events;

namespace Talon.Actors.Pipeline.Sinks;

/// <summary>
/// All metrics of Talon. The five <c>falcosecurity_falco_talon_*</c> counters keep the names of Falco Talon; their labels are
/// a fixed set without free text. Labels whose value the sender of an event chooses are bounded: 100 Falco rules and
/// 10 sources, then <c>other</c>; events that a rule matched have bounds of their own, so that unmatched ones cannot use them up. All methods are safe from any thread and never throw.
/// </summary>
public sealed class TalonMeters
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "talon";

    /// <summary>
    /// How many label sets one counter of events may have: Falco rules, priorities and sources at their bounds, each with
    /// <c>other</c> and without a value. The default of OpenTelemetry, 2,000, would be used up by made-up sets before the bounds hold.
    /// </summary>
    public const int MaxLabelSets = (MaxFalcoRules + 2) * (Priorities + 2) * (MaxSources + 2);

    private const int MaxFalcoRules = 100;
    private const int MaxSources = 10;
    private const int Priorities = 8;

    private static readonly double[] EventToActionBuckets =
        [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Counter<long> _matches;
    private readonly Counter<long> _actions;
    private readonly Counter<long> _outputs;
    private readonly Counter<long> _notifications;
    private readonly Counter<long> _notifierRecords;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _unmatched;
    private readonly Counter<long> _incomplete;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _eventToAction;
    private readonly Gauge<long> _running;
    private readonly Gauge<long> _queued;

    private readonly BoundedLabel _falcoRule = new(MaxFalcoRules);
    private readonly BoundedLabel _source = new(MaxSources);
    private readonly BoundedLabel _matchedFalcoRule = new(MaxFalcoRules);
    private readonly BoundedLabel _matchedSource = new(MaxSources);

    // Kept, not recorded: rules are loaded before anybody listens.
    private volatile int _rules;
    private volatile bool _rulesAreGood = true;
    private long _rulesGoodAt;
    private long _reloads;
    private long _failedReloads;

    /// <summary>Makes the instruments.</summary>
    public TalonMeters(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _events = _meter.CreateCounter<long>("falcosecurity_falco_talon_events", description: "number of received events");
        _matches = _meter.CreateCounter<long>("falcosecurity_falco_talon_matches", description: "number of matched events");
        _actions = _meter.CreateCounter<long>("falcosecurity_falco_talon_actions", description: "number of actions");
        _outputs = _meter.CreateCounter<long>("falcosecurity_falco_talon_outputs", description: "number of outputs");
        _notifications = _meter.CreateCounter<long>("falcosecurity_falco_talon_notifications", description: "number of notifications");
        _notifierRecords = _meter.CreateCounter<long>("talon_notifier_records", description: "Records for a notifier: told, and how each ended (delivered, dropped, dead)");
        _refused = _meter.CreateCounter<long>("talon_ingress_refused", description: "requests that were not taken in, by cause");
        _unmatched = _meter.CreateCounter<long>("talon_ingress_unmatched", description: "events that no rule matched");
        _incomplete = _meter.CreateCounter<long>("talon_ingress_incomplete", description: "events without rule, priority or time");
        _duplicates = _meter.CreateCounter<long>("talon_duplicates", description: "events that were swallowed by the duplicate window");
        _retries = _meter.CreateCounter<long>("talon_action_retries", description: "further attempts of an action after a failure");
        _eventToAction = _meter.CreateHistogram(
            "talon_event_to_action_seconds",
            unit: "s",
            description: "from the arrival of an event to the start of an action",
            tags: null,
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = EventToActionBuckets });
        _running = _meter.CreateGauge<long>("talon_actions_running", description: "actions that run now");
        _queued = _meter.CreateGauge<long>("talon_actions_queued", description: "actions that wait for a slot");
        _meter.CreateObservableGauge("talon_rules_loaded", () => (long)_rules, description: "rules of the set in force");
        _meter.CreateObservableCounter("talon_rules_reloads", Reloads, description: "changed rule files that were read again, by result");
        _meter.CreateObservableGauge(
            "talon_rules_last_reload_successful", () => _rulesAreGood ? 1L : 0L, description: "0 while the rule files are not those in force because of an error");
        _meter.CreateObservableGauge(
            "talon_rules_last_reload_success_timestamp_seconds",
            () => Interlocked.Read(ref _rulesGoodAt) / 1000.0,
            unit: "s",
            description: "when the rule files were last read without an error");
    }

    /// <summary>An event was received and read.</summary>
    public void EventReceived(FalcoEvent falcoEvent)
    {
        _events.Add(1, EventTags(null, _falcoRule.Of(falcoEvent.Rule), PriorityLabel(falcoEvent), _source.Of(falcoEvent.Source)));
    }

    /// <summary>A rule matched an event that was accepted.</summary>
    public void EventMatched(string rule, FalcoEvent falcoEvent)
    {
        _matches.Add(1, EventTags(rule, _matchedFalcoRule.Of(falcoEvent.Rule), PriorityLabel(falcoEvent), _matchedSource.Of(falcoEvent.Source)));
    }

    /// <summary>An action has its final outcome.</summary>
    /// <param name="actionner">The full name of the actionner.</param>
    /// <param name="status"><c>success</c>, <c>ignored</c> or <c>failure</c>.</param>
    /// <param name="falcoRule">The Falco rule; null leaves the label out.</param>
    public void ActionFinished(string rule, string action, string actionner, string status, string? falcoRule = null)
    {
        var tags = default(TagList);
        Add(ref tags, "rule", rule);
        Add(ref tags, "event", _matchedFalcoRule.Of(falcoRule));
        Add(ref tags, "action", action);
        Add(ref tags, "actionner", actionner);
        Add(ref tags, "status", status);
        _actions.Add(1, tags);
    }

    /// <summary>An artifact was stored, or was not.</summary>
    /// <param name="target">The full name of the output.</param>
    /// <param name="status"><c>success</c> or <c>failure</c>.</param>
    public void OutputFinished(string rule, string action, string category, string target, string status)
    {
        var tags = default(TagList);
        Add(ref tags, "rule", rule);
        Add(ref tags, "action", action);
        Add(ref tags, "category", category);
        Add(ref tags, "target", target);
        Add(ref tags, "status", status);
        _outputs.Add(1, tags);
    }

    /// <summary>A record was handed to a notifier, or ended there.</summary>
    internal void NotifierRecord(string notifier, RecordCount count)
    {
        string word = count switch
        {
            RecordCount.Told => "told",
            RecordCount.Delivered => "delivered",
            RecordCount.Dropped => "dropped",
            _ => "dead",
        };
        _notifierRecords.Add(1, new("notifier", notifier), new("end", word));
    }

    /// <summary>A notification was sent, or was given up, or was dropped because too many wait.</summary>
    /// <param name="actionner">The full name of its actionner.</param>
    /// <param name="status"><c>success</c>, <c>failure</c> or <c>dropped</c>.</param>
    public void NotificationFinished(string rule, string action, string actionner, string notifier, string status)
    {
        var tags = default(TagList);
        Add(ref tags, "rule", rule);
        Add(ref tags, "action", action);
        Add(ref tags, "actionner", actionner);
        Add(ref tags, "notifier", notifier);
        Add(ref tags, "status", status);
        _notifications.Add(1, tags);
    }

    /// <summary>The first attempt of an action starts.</summary>
    /// <param name="elapsed">Since the event arrived at the ingress.</param>
    public void EventToAction(TimeSpan elapsed) => _eventToAction.Record(elapsed.TotalSeconds);

    /// <summary>An action gets a further attempt after a failure.</summary>
    /// <param name="actionner">The full name of the actionner.</param>
    public void ActionRetried(string actionner) => _retries.Add(1, new KeyValuePair<string, object?>("actionner", actionner));

    /// <summary>The numbers of one lane changed.</summary>
    /// <param name="lane"><c>short</c> or <c>long</c>.</param>
    public void LaneChanged(string category, string lane, int running, int queued)
    {
        var tags = new TagList { { "category", category }, { "lane", lane } };
        _running.Record(running, tags);
        _queued.Record(queued, tags);
    }

    /// <summary>A request was not taken in.</summary>
    /// <param name="cause">One of <see cref="RefusalCause"/>; any other word counts as <c>other</c>.</param>
    public void IngressRefused(string cause) => _refused.Add(1, new KeyValuePair<string, object?>("cause", RefusalCause.Label(cause)));

    /// <summary>No rule matched an event.</summary>
    public void IngressUnmatched() => _unmatched.Add(1);

    /// <summary>An event came without rule, priority or time.</summary>
    public void IngressIncomplete() => _incomplete.Add(1);

    /// <summary>An event was swallowed by the duplicate window. The ingress counts this, from the answer of the intake.</summary>
    public void DuplicateEvent() => _duplicates.Add(1);

    /// <summary>The rule files were read without an error, and their set is in force.</summary>
    public void RulesLoaded(int count, DateTimeOffset at)
    {
        _rules = count;
        _rulesAreGood = true;
        Interlocked.Exchange(ref _rulesGoodAt, at.ToUnixTimeMilliseconds());
    }

    /// <summary>Changed rule files were read again. The first reading, at the start, is none.</summary>
    /// <param name="successful">Whether their set is in force now; of a failure nothing else is to be told.</param>
    public void RulesReloaded(bool successful)
    {
        if (successful)
        {
            Interlocked.Increment(ref _reloads);
        }
        else
        {
            Interlocked.Increment(ref _failedReloads);
            _rulesAreGood = false;
        }
    }

    /// <summary>Adds the metrics that are read from the pipeline at each scrape. To be called once, by the host.</summary>
    public void Observe(IPipelineStatus status)
    {
        _meter.CreateObservableGauge(
            "talon_unfinished_events",
            () => (long)status.UnfinishedEvents,
            description: "accepted events that are not finished, of the buckets on this node");
        _meter.CreateObservableGauge(
            "talon_category_degraded",
            () => status.Categories.Select(c =>
                new Measurement<long>(c.Degraded ? 1 : 0, new KeyValuePair<string, object?>("category", c.Category))),
            description: "1 while actions of the category wait because the outside system does not answer");
        _meter.CreateObservableGauge(
            "talon_category_circuit",
            () => status.Categories.Select(c =>
                new Measurement<long>((long)c.Circuit, new KeyValuePair<string, object?>("category", c.Category))),
            description: "0 closed, 1 half-open: one action at a time is let through, 2 open: none is");
    }

    /// <summary>Adds the gauge that tells whether nodes work with different rules. To be called once, by the host.</summary>
    public void ObserveRuleAgreement(Func<bool> differ)
    {
        _meter.CreateObservableGauge("talon_rules_differ", () => differ() ? 1L : 0L, description: "1 while nodes of the cluster work with different rules");
    }

    /// <summary>Adds the counter of log lines that were dropped because nobody read the output fast enough. To be called once, by the host.</summary>
    public void ObserveDroppedLogLines(Func<long> dropped) =>
        _meter.CreateObservableCounter("talon_log_lines_dropped", dropped, description: "log lines that were dropped");

    // Both from the start with 0, so that the first failure is seen as a rise.
    private IEnumerable<Measurement<long>> Reloads() =>
    [
        new(Interlocked.Read(ref _reloads), new KeyValuePair<string, object?>("result", "success")),
        new(Interlocked.Read(ref _failedReloads), new KeyValuePair<string, object?>("result", "failure")),
    ];

    private static void Add(ref TagList tags, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            tags.Add(key, value);
        }
    }

    private static TagList EventTags(string? rule, string? falcoRule, string? priority, string? source)
    {
        var tags = default(TagList);
        Add(ref tags, "rule", rule);
        Add(ref tags, "event", falcoRule);
        Add(ref tags, "priority", priority);
        Add(ref tags, "source", source);
        return tags;
    }

    // As Falco spells it; a word that Falco does not know counts as "other", a missing one gives no label.
    private static string PriorityLabel(FalcoEvent falcoEvent) => falcoEvent.Priority switch
    {
        Priority.Unknown when falcoEvent.PriorityText.Length > 0 => BoundedLabel.Other,
        var known => PriorityName.Of(known),
    };
}
