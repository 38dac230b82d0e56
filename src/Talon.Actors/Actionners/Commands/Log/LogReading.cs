using System.Globalization;
using System.Text;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Commands.Log;

/// <summary>Reads the logs of one pod, container by container, and remembers what could not be read.</summary>
internal sealed class LogReading(IPodLogs logs, ContainerTarget.Entered entered, LogParameters parameters, CallScope scope)
{
    private readonly StringBuilder _notes = new();
    private KubeError? _firstError;
    private KubeError? _passing;
    private int _read;

    /// <summary>What could not be read, as the end of a sentence; empty when nothing is missing.</summary>
    public string Notes => _notes.ToString();

    /// <summary>
    /// The failure when no container could be read, or one could not for a passing reason that has nothing to do with it; null
    /// otherwise.
    /// </summary>
    public ActionOutcome.Failed? Failure => (_passing ?? (_read == 0 ? _firstError : null)) is { } error
        ? new ActionOutcome.Failed(error.Kind, error.Message, entered.Objects, error.RetryAfter)
        : null;

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
            if (!error.Kind.IsAboutTheObject())
            {
                _passing ??= error;
            }

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

    /// <summary>Notes that the pod has more containers than are read.</summary>
    public void LeaveOut(int more) => _notes.Append(CultureInfo.InvariantCulture, $"; {more} more containers are left out, the pod has too many");

    /// <summary>Notes that a container was left out because all together are too much.</summary>
    public byte[]? LeaveOut(string container)
    {
        _notes.Append($"; {OneLine.From(container)} is left out, there is too much already");
        return null;
    }
}
