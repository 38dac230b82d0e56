namespace Talon.Actors.Clients.Kubernetes.Connection;

/// <summary>One Kubernetes client and what it sends through: same certificates and connections for calls that it cannot make itself.</summary>
/// <param name="Sockets">The handler at its bottom; it is disposed with the client.</param>
/// <param name="ExtraHandlers">What test programs put around every call, outermost first.</param>
internal sealed record KubeTransport(
    k8s.Kubernetes Client, SocketsHttpHandler Sockets, string UserAgent, IReadOnlyList<Func<DelegatingHandler>> ExtraHandlers);
