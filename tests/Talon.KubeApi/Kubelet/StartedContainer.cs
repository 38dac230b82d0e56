namespace Talon.KubeApi;

/// <summary>A container that starts, for those who decide how long it runs.</summary>
/// <param name="Namespace">Of its pod.</param>
/// <param name="Pod">Name of its pod.</param>
/// <param name="Container">Its name.</param>
/// <param name="Image">Its image.</param>
/// <param name="Command">Command and arguments of the spec; empty: those of the image.</param>
public sealed record StartedContainer(string Namespace, string Pod, string Container, string Image, IReadOnlyList<string> Command);
