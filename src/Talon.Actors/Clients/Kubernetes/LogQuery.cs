namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Which lines of a container's log to read.</summary>
/// <param name="Container">The name of one of the pod's containers, as read from the pod.</param>
/// <param name="SinceSeconds">How old a line may be; null for any age.</param>
/// <param name="Previous">Whether to read the run before the last restart.</param>
/// <param name="MostBytes">How many bytes to read at most; the end is cut off.</param>
internal sealed record LogQuery(string Container, int TailLines, int? SinceSeconds, bool Previous, int MostBytes);
