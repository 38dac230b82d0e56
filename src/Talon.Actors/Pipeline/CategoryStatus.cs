namespace Talon.Actors.Pipeline;

/// <summary>How a category of actionners is doing on this node.</summary>
/// <param name="Category">The category.</param>
/// <param name="Degraded">Whether actions wait because the outside system does not answer.</param>
/// <param name="Reason">What is wrong; null when nothing is.</param>
/// <param name="Running">How many actions run now, both lanes.</param>
/// <param name="Queued">How many wait for a slot.</param>
public sealed record CategoryStatus(string Category, bool Degraded, string? Reason, int Running, int Queued);
