using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Plugins;
using Talon.Cluster.Membership;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Pipeline.Events;

/// <summary>What actors share whose surroundings a test plays.</summary>
internal static class TestContexts
{
    private static readonly TalonMeters Meters = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public static PipelineStatus Status(TimeProvider clock) => new(clock, 8, () => new ClusterView("", "Up", []), new TaskCompletionSource().Task);

    public static PipelineContext Of(IActorRef category, bool repeatSafe, PipelineOptions? options = null)
    {
        var fake = new FakeActionner(repeatSafe: repeatSafe);
        return new PipelineContext
        {
            Options = (options ?? new PipelineOptions()) with { MaxAge = TimeSpan.Zero },
            Actionners = ImmutableDictionary<ActionnerName, IActionner>.Empty.Add(fake.Descriptor.Name, fake),
            Categories = ImmutableDictionary<string, IActorRef>.Empty.Add("kubernetes", category),
            Clock = TimeProvider.System,
            Jitter = () => 0.5,
            Sinks = [],
            Log = new KeptLog(),
            Meters = Meters,
            Status = Status(TimeProvider.System),
            Node = "akka.tcp://talon@here:4053",
            Incarnation = "here",
            IsGone = (_, _) => false,
        };
    }
}
