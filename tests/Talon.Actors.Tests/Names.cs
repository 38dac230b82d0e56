using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Tests;

/// <summary>Names that are known to be right.</summary>
internal static class Names
{
    public static NamespaceName Namespace(string text) =>
        NamespaceName.TryCreate(text, out var name) ? name : throw new ArgumentException($"no name of a namespace: {text}", nameof(text));

    public static KubeName Of(string text) => KubeName.TryCreate(text, out var name) ? name : throw new ArgumentException($"no name: {text}", nameof(text));
}
