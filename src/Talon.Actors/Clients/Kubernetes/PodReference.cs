namespace Talon.Actors.Clients.Kubernetes;

/// <summary>A pod as the API server identifies it.</summary>
internal sealed record PodReference(string? Namespace, string? Name, string Uid);
