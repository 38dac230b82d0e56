using System.Collections.Immutable;
using Akka.Actor;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Audit;
using Talon.Actors.Pipeline.Events;
using Talon.Actors.Plugins;
using Talon.Cluster.Protocol;
using Talon.Rules.Model;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Pipeline.Events;

/// <summary>What actors share whose surroundings a test plays.</summary>
internal static class TestContexts
{
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
            Audit = new SilentAudit(),
            Status = new PipelineStatus(TimeProvider.System, 8),
            Node = "akka.tcp://talon@here:4053",
            Incarnation = "here",
            IsGone = (_, _) => false,
        };
    }

    private sealed class SilentAudit : IAudit
    {
        public void Accepted(EventState state)
        {
        }

        public void Started(EventState state, Facts.Started fact)
        {
        }

        public void Finished(EventState state, Facts.Finished fact)
        {
        }

        public void Retried(EventState state, Facts.RetryScheduled fact)
        {
        }

        public void Resumed(EventState state, Facts.Resumed fact)
        {
        }

        public void Beginning(EventState state, PlannedAction action)
        {
        }

        public void Health(string category, string? error, string? result)
        {
        }
    }
}
