using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Talon.Cluster.Actors;

namespace Talon.Cluster.RuleSets;

/// <summary>
/// Keeps this node's entry in the replicated dictionary of rule sets and reads those of the others. Only members count. Every
/// node takes out the entries of members that were removed: every remaining node does it, and doing it twice changes nothing.
/// </summary>
internal sealed class RuleSetReplicator : UntypedActor
{
    private static readonly LWWDictionaryKey<string, string> Entries = new("talon-rules");
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly Action<IReadOnlyList<NodeRules>> _publish;
    private readonly TimeProvider _clock;
    private readonly Action<RuleAgreement> _say;
    private readonly AgreementWatch _watch = new();
    private readonly HashSet<UniqueAddress> _members = [];
    private readonly ITimer _timer;
    private Own? _own;
    private ImmutableDictionary<string, string> _entries = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    private RuleSetReplicator(Action<IReadOnlyList<NodeRules>> publish, TimeProvider clock, Action<RuleAgreement> say)
    {
        _publish = publish;
        _clock = clock;
        _say = say;
        _timer = clock.CreateTimer(static self => ((IActorRef)self!).Tell(Tick.Instance), Self, Interval, Interval);
    }

    public static Props CreateProps(Action<IReadOnlyList<NodeRules>> publish, TimeProvider clock, Action<RuleAgreement> say) =>
        ActorFactory.CreateProps(() => new RuleSetReplicator(publish, clock, say));

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));
        _replicator.Tell(Dsl.Subscribe(Entries, Self));
    }

    protected override void PostStop()
    {
        _timer.Dispose();
        _cluster.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Own own:
                _own = own;
                Write(own);
                Show();
                break;
            case Changed changed:
                _entries = changed.Get(Entries).Entries.ToImmutableDictionary(StringComparer.Ordinal);
                if (_own is not null && !_entries.ContainsKey(RuleEntry.Key(_cluster.SelfUniqueAddress)))
                {
                    Write(_own); // a node that did not see this one as a member for a while has taken it out
                }

                Show();
                break;
            case ClusterEvent.MemberRemoved removed:
                _members.Remove(removed.Member.UniqueAddress);
                Show();
                break;
            case ClusterEvent.IMemberEvent changed:
                _members.Add(changed.Member.UniqueAddress);
                Show();
                break;
            case Tick:
                Tidy();
                Show();
                break;
            case IUpdateResponse:
                break; // it was written here, and gossip brings it to the others
            default:
                Unhandled(message);
                break;
        }
    }

    private void Write(Own own)
    {
        string key = RuleEntry.Key(_cluster.SelfUniqueAddress);
        string value = RuleEntry.Value(own.Hash, own.Since);
        _entries = _entries.SetItem(key, value);
        Update(entries => entries.SetItem(_cluster, key, value));
    }

    // Later than the removal: an entry that a member wrote just before its end may still be on its way.
    private void Tidy()
    {
        var members = _members.Select(RuleEntry.Key).ToHashSet(StringComparer.Ordinal);
        foreach (string stale in _entries.Keys.Where(key => !members.Contains(key)))
        {
            Update(entries => entries.Remove(_cluster, stale));
        }
    }

    private void Show()
    {
        string own = _cluster.SelfAddress.ToString();
        ImmutableArray<NodeRules> known =
        [
            .. _members
                .Select(member => RuleEntry.Key(member) is var key && _entries.TryGetValue(key, out string? value) ? RuleEntry.Read(key, value) : null)
                .OfType<NodeRules>()
                .OrderBy(one => one.Node != own)
                .ThenBy(one => one.Node, StringComparer.Ordinal),
        ];
        _publish(known);
        if (_watch.Compare(known, _clock.GetElapsedTime(0)) is { } word)
        {
            _say(word);
        }
    }

    private void Update(Func<LWWDictionary<string, string>, LWWDictionary<string, string>> change) =>
        _replicator.Tell(Dsl.Update(Entries, LWWDictionary<string, string>.Empty, WriteLocal.Instance, change));

    /// <summary>The rules of this node.</summary>
    internal sealed record Own(string Hash, DateTimeOffset Since) : INoSerializationVerificationNeeded;

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }
}
