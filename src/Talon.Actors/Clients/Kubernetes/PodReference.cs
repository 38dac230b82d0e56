namespace Talon.Actors.Clients.Kubernetes;

/// <summary>Which pod it is, as the API server says it.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its uid.</param>
public sealed record PodReference(string? Namespace, string? Name, string Uid);
