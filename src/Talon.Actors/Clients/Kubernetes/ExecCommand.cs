using System.Collections.Immutable;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>A command to run in a container, and where its streams go.</summary>
public sealed record ExecCommand
{
    /// <summary>The namespace of the pod.</summary>
    public required NamespaceName Namespace { get; init; }

    /// <summary>The pod.</summary>
    public required KubeName Pod { get; init; }

    /// <summary>The container: the name of one of the pod's containers, as read from the pod.</summary>
    public required string Container { get; init; }

    /// <summary>The program and its arguments; no shell reads them.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>Whether Talon made the pod for this action: then it may stand in Talon's own namespace, where nothing else is entered.</summary>
    public bool InPodOfTalon { get; init; }

    /// <summary>What the command reads from its standard input, closed behind it; null gives it none.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Takes what the command prints, in order. False ends the call: enough was read.</summary>
    public required Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<bool>> Output { get; init; }

    /// <summary>Takes what the command prints to its standard error, in order. False ends the call.</summary>
    public required Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<bool>> Error { get; init; }
}
