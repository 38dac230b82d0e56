using System.Text;
using Talon.Actors.Actionners.Shared;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Kubernetes.Log;

/// <summary>Reads the logs of one pod, container by container, and remembers what could not be read.</summary>
internal sealed class LogReading(IPodLogs logs, PodEntry.Entered entered, LogParameters parameters, CallScope scope)
{
    private readonly StringBuilder _notes = new();
    private KubeError? _firstError;
    private int _read;

    /// <summary>What is missing, for the end of a sentence; empty when nothing is.</summary>
    public string Notes => _notes.ToString();

    /// <summary>The failure when no container could be read at all; null otherwise.</summary>
    public ActionOutcome? Failure => _read == 0 && _firstError is { } error ? KubeOutcomes.From(error, entered.Objects) : null;

    /// <summary>The lines of a container; null when they cannot be read.</summary>
    public async Task<byte[]?> ReadAsync(string container, int mostBytes)
    {
        var answer = await logs.ReadAsync(
            entered.Namespace,
            entered.Name,
            new LogQuery(container, parameters.TailLines, parameters.SinceSeconds, parameters.Previous, mostBytes),
            scope);
        if (!answer.TryGet(out byte[]? bytes, out var error))
        {
            _firstError ??= error;
            _notes.Append("; ").Append(error.Message);
            return null;
        }

        _read++;
        if (bytes.Length == mostBytes)
        {
            _notes.Append($"; of {OneLine.From(container)} only the first {mostBytes} bytes of these lines");
        }

        return bytes;
    }

    /// <summary>Notes that a container was left out because all together are too much.</summary>
    public byte[]? LeaveOut(string container)
    {
        _notes.Append($"; {OneLine.From(container)} is left out, there is too much already");
        return null;
    }
}
