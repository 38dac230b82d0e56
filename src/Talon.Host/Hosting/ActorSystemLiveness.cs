using Akka.Actor;

namespace Talon.Host.Hosting;

/// <summary>Alive as long as the actor system is.</summary>
internal sealed class ActorSystemLiveness(ActorSystem system) : ILiveness
{
    /// <inheritdoc/>
    public bool IsAlive => !system.WhenTerminated.IsCompleted;
}
