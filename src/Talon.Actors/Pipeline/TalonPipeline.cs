using Akka.Actor;
using Akka.Pattern;
using Talon.Actors.Pipeline.Buckets;
using Talon.Actors.Pipeline.Categories;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.Notifying;
using Talon.Actors.Pipeline.Outcomes;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Cluster.Forming;
using Talon.Cluster.Node;
using Talon.Cluster.Sharding;
using Talon.Rules.Catalog;
using static Talon.Actors.Pipeline.WorkProtocol;

namespace Talon.Actors.Pipeline;

/// <summary>The whole pipeline of a node, from the intake to the outcomes: the one place that knows all its actors.</summary>
public sealed class TalonPipeline
{
    private static readonly TimeSpan RecoveryPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan OutcomePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly PipelineOptions _options;
    private readonly IReadOnlyList<IActorRef> _categories;
    private readonly IActorRef _outbox;
    private readonly NotificationHub _hub;
    private readonly BucketRegion _buckets;

    private TalonPipeline(
        PipelineOptions options,
        PipelineStatus status,
        IReadOnlyList<IActorRef> categories,
        IActorRef outbox,
        NotificationHub hub,
        BucketRegion buckets,
        IIntake intake,
        StateNotices notices)
    {
        _options = options;
        Status = status;
        _categories = categories;
        _outbox = outbox;
        _hub = hub;
        _buckets = buckets;
        Intake = intake;
        Notices = notices;
    }

    /// <summary>Where events come in.</summary>
    public IIntake Intake { get; }

    /// <summary>Where the parts of this node tell people that something is wrong with them.</summary>
    public StateNotices Notices { get; }

    /// <summary>What the actors of this node last said about themselves.</summary>
    public PipelineStatus Status { get; }

    /// <summary>Starts all actors and joins the cluster. A node of its own waits, for 20 s at most, until every bucket has recovered.</summary>
    /// <param name="node">The node, open.</param>
    /// <exception cref="ClusterStartException">The node does not become a member in time.</exception>
    /// <exception cref="Cluster.Journal.JournalException">The journal does not fence two writers.</exception>
    public static async Task<TalonPipeline> StartAsync(
        TalonNode node, int buckets, PipelineOptions options, PipelineParts parts, CancellationToken cancellationToken)
    {
        var system = node.System;
        var status = new PipelineStatus(parts.Clock, buckets, () => node.View, system.WhenTerminated);
        var hub = NotificationHub.Start(
            system,
            parts.Notifiers,
            parts.DefaultNotifiers,
            parts.Notifying,
            new NotifyingParts(parts.Clock, parts.Jitter, parts.Log, parts.Meters));
        var notices = new StateNotices(hub, parts.Clock, node.Address);
        BucketRegion? region = null;
        var outbox = system.ActorOf(
            OutcomeOutbox.CreateProps(() => region!.Door, parts.Clock), "outcomes");
        var actionners = parts.Actionners.ToDictionary(actionner => actionner.Descriptor.Name);
        var categories = actionners.Values
            .GroupBy(actionner => actionner.Descriptor.Name.Category, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => StartCategory(node, options, parts, status, notices, outbox, group.Key, actionners),
                StringComparer.Ordinal);

        var context = new PipelineContext
        {
            Options = options,
            Actionners = actionners,
            Categories = categories,
            Clock = parts.Clock,
            Jitter = parts.Jitter,
            Sinks = [new FactMeters(parts.Meters), new FactLog(parts.Log, parts.EventsAreLogged), new OutcomeNotifications(hub, options.DryRun)],
            Log = parts.Log,
            Meters = parts.Meters,
            Status = status,
            Node = node.Address,
            Incarnation = node.Incarnation,
            IsGone = node.IsGone,
        };
        region = node.StartBuckets(number => EventBucket.CreateProps(context, number));
        await node.JoinAsync(cancellationToken);
        if (node.IsSingle)
        {
            await RecoverAsync(node, status, parts.Log, parts.Clock, cancellationToken);
        }

        return new TalonPipeline(
            options,
            status,
            [.. categories.Values],
            outbox,
            hub,
            region,
            new RegionIntake(region.Door, buckets, options, status, notices, parts.Clock),
            notices);
    }

    /// <summary>
    /// Starts no action any more, hands the buckets over to other nodes when there are any, and waits for the running actions and
    /// for their outcomes to be journalled, for <see cref="PipelineOptions.ShutdownGracePeriod"/> at most. What is unfinished then
    /// goes on elsewhere, or after the next start.
    /// </summary>
    /// <returns>Whether everything that ran has ended.</returns>
    public async Task<bool> DrainAsync()
    {
        Status.StartDraining();
        if (!Status.IsAlive)
        {
            return false;
        }

        var handedOver = _buckets.HandOverAsync();
        try
        {
            // Akka takes a zero time-out for "for ever".
            var patience = _options.ShutdownGracePeriod > Least ? _options.ShutdownGracePeriod : Least;
            await Task.WhenAll(_categories.Select(c => c.Ask<Drained>(new Drain(), patience)));
            await handedOver;
            await _outbox.Ask<Drained>(new Drain(), OutcomePatience);
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
        finally
        {
            // Last: they tell of the outcomes that came in until now.
            await _hub.StopAsync();
        }
    }

    // All buckets are here: what was accepted before goes on before anything new comes in.
    private static async Task RecoverAsync(
        TalonNode node, PipelineStatus status, ITalonLog log, TimeProvider clock, CancellationToken cancellationToken)
    {
        var recovered = status.AllRecovered.ContinueWith(
            _ => node.VerifyJournal(), cancellationToken, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        if (await Task.WhenAny(recovered, Task.Delay(RecoveryPatience, clock, cancellationToken)) == recovered)
        {
            await recovered;
        }
        else
        {
            log.Unhealthy("journal", "the buckets have not recovered yet; events are held until they have");
            _ = StopUnlessFencedAsync(recovered, node, status, log);
        }
    }

    // A journal that recovers late is checked late: without its fence this node must not go on.
    private static async Task StopUnlessFencedAsync(Task verified, TalonNode node, PipelineStatus status, ITalonLog log)
    {
        try
        {
            await verified;
        }
        catch (Exception e)
        {
            log.Unhealthy("journal", $"{e.Message}; the node stops");
            status.Refuse(e.Message);
            await node.System.Terminate();
        }
    }

    private static IActorRef StartCategory(
        TalonNode node,
        PipelineOptions options,
        PipelineParts parts,
        PipelineStatus status,
        StateNotices notices,
        IActorRef outbox,
        string name,
        IReadOnlyDictionary<ActionnerName, IActionner> actionners)
    {
        var settings = new CategorySettings
        {
            Options = options,
            Actionners = actionners,
            Outputs = parts.Outputs,
            Contexts = parts.Contexts,
            Probe = parts.Probes.FirstOrDefault(probe => probe.Categories.Contains(name, StringComparer.Ordinal)),
            Outbox = outbox,
            Clock = parts.Clock,
            Jitter = parts.Jitter,
            NodeIsUp = () => node.IsUp,
            IsDraining = () => status.Draining,
            Log = parts.Log,
            PublishOutput = status.Report,
            Publish = (category, slots) =>
            {
                status.Report(category);
                if (category is { Circuit: CircuitState.Open, Reason: { } reason } && reason != CategoryActor.NotReachedYet)
                {
                    notices.Tell($"category {name}", $"degraded: {reason}; its actions wait");
                }

                parts.Meters.LaneChanged(name, slots.Short.Name, slots.Short.Running, slots.Short.Waiting);
                parts.Meters.LaneChanged(name, slots.Long.Name, slots.Long.Running, slots.Long.Waiting);
            },
        };
        var supervised = BackoffSupervisor.Props(Backoff.OnFailure(
            CategoryActor.CreateProps(name, settings), "category", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), 0.2, -1));
        return node.System.ActorOf(supervised, $"category-{name}");
    }
}
