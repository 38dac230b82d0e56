using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Talon.Cluster.Actors;
using Talon.Cluster.Membership;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Forming.Healing;

/// <summary>
/// Heals a static cluster that has formed twice: the first seed node joins itself when nobody answers it in time, whether the
/// others are cut off or only slow. Every node asks the seed nodes that are no members of its cluster with whom they are; the
/// smaller side takes itself down, its processes end and join the other side when they are started again. Until then the journal
/// keeps the two from acting on one event twice.
/// </summary>
internal sealed class DuplicateClusterWatch : UntypedActor, IWithTimers
{
    /// <summary>The name of the actor, by which other nodes find it.</summary>
    public const string Name = "island-watch";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly ImmutableArray<Address> _seeds;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _givingWay;

    public DuplicateClusterWatch(ImmutableArray<Address> seeds) => _seeds = seeds;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props CreateProps(ImmutableArray<NodeAddress> seeds)
    {
        ImmutableArray<Address> addresses = [.. seeds.Select(seed => seed.ToAkka())];
        return ActorFactory.CreateProps(() => new DuplicateClusterWatch(addresses));
    }

    protected override void PreStart() => Timers.StartPeriodicTimer("look", Poll.Instance, Interval, Interval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Poll:
                AskStrangers();
                break;
            case DuplicateClusterProtocol.AskMembers when _cluster.SelfMember.Status == MemberStatus.Up:
                Sender.Tell(new DuplicateClusterProtocol.MembersSeen(DuplicateClusters.MembersOf(_cluster)));
                break;
            case DuplicateClusterProtocol.AskMembers:
                break;
            case DuplicateClusterProtocol.MembersSeen membersSeen:
                Compare(membersSeen.Members);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void AskStrangers()
    {
        var members = _cluster.State.Members.Select(member => member.Address).ToHashSet();
        foreach (var seed in _seeds.Where(seed => !members.Contains(seed)))
        {
            Context.ActorSelection(new RootActorPath(seed) / "user" / Name).Tell(DuplicateClusterProtocol.AskMembers.Instance);
        }
    }

    private void Compare(ImmutableArray<string> theirs)
    {
        if (_givingWay || _cluster.SelfMember.Status != MemberStatus.Up || !DuplicateClusters.MustGiveWay(DuplicateClusters.MembersOf(_cluster), theirs))
        {
            return;
        }

        _givingWay = true;
        _log.Error("a second cluster of the same seed nodes exists: {0}; this node leaves its own and must be started again to join that one", string.Join(", ", theirs));
        _cluster.Down(_cluster.SelfAddress);
    }

    private sealed class Poll : INoSerializationVerificationNeeded
    {
        public static Poll Instance { get; } = new();
    }
}
