using Talon.Actors.Pipeline.Categories;

namespace Talon.Actors.Pipeline;

/// <summary>How a category of actionners is doing on this node.</summary>
/// <param name="Reason">Why they are not; null while the circuit is closed.</param>
/// <param name="Running">How many actions run now, both lanes.</param>
/// <param name="Queued">How many wait for a slot.</param>
public sealed record CategoryStatus(string Category, CircuitState Circuit, string? Reason, int Running, int Queued)
{
    /// <summary>Whether actions wait because the outside system does not answer.</summary>
    public bool Degraded => Circuit != CircuitState.Closed;
}
