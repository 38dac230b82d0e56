using System.Collections.Immutable;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>A command to run in a container, and where its streams go.</summary>
internal sealed record ExecCommand
{
    public required NamespaceName Namespace { get; init; }

    public required KubeName Pod { get; init; }

    /// <summary>The name of one of the pod's containers, as read from the pod.</summary>
    public required string Container { get; init; }

    /// <summary>The program and its arguments; no shell reads them.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    /// <summary>Whether Talon made the pod for this action: only then may the command run in Talon's own namespace.</summary>
    public bool InPodOfTalon { get; init; }

    /// <summary>The standard input of the command, closed at its end; null gives it none.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Takes what the command prints, in order. False ends the call: enough was read.</summary>
    public required Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<bool>> Output { get; init; }

    /// <summary>Takes what the command prints to its standard error, in order. False ends the call.</summary>
    public required Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<bool>> Error { get; init; }
}
