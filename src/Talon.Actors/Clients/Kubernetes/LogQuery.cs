namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Which lines of a container's log to read.</summary>
/// <param name="Container">The container: the name of one of the pod's containers, as read from the pod.</param>
/// <param name="TailLines">How many of the last lines.</param>
/// <param name="SinceSeconds">How old a line may be; null for any age.</param>
/// <param name="Previous">Whether the lines of the run before the last restart are meant.</param>
/// <param name="MostBytes">How many bytes to read at most; what is over is left out at the end.</param>
public sealed record LogQuery(string Container, int TailLines, int? SinceSeconds, bool Previous, int MostBytes);
