using System.Collections.Immutable;
using System.Text;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Shared;

/// <summary>
/// One command in a container whose standard output is a file: it is streamed to the artifact as it comes, up to a cap, and what it
/// writes to its standard error is kept for the reason of a failure.
/// </summary>
/// <param name="exec">Commands in containers.</param>
/// <param name="command">The command; its streams are replaced.</param>
/// <param name="program">What runs, for messages.</param>
/// <param name="maxBytes">Where the capture is cut.</param>
/// <param name="goodCodes">The exit codes that mean a whole capture.</param>
/// <param name="objects">The objects of a failure.</param>
/// <param name="scope">The leave to call.</param>
internal sealed class CaptureStream(
    IPodExec exec,
    ExecCommand command,
    string program,
    long maxBytes,
    ImmutableArray<int> goodCodes,
    ImmutableSortedDictionary<string, string> objects,
    CallScope scope)
{
    private const int MostErrorBytes = 4096;

    private readonly MemoryStream _error = new();
    private long _written;
    private bool _isCut;

    /// <summary>Whether the capture reached the cap and was cut there.</summary>
    public bool IsCut => _isCut;

    /// <summary>Runs the command and writes the capture. Null when it is whole, or cut at the cap.</summary>
    public async Task<ActionOutcome.Failed?> WriteAsync(Stream destination, CancellationToken cancellationToken)
    {
        var running = command with
        {
            Output = (bytes, token) => TakeAsync(destination, bytes, token),
            Error = (bytes, _) =>
            {
                _error.Write(bytes.Span[..Math.Min(bytes.Length, (int)(MostErrorBytes - _error.Length))]);
                return ValueTask.FromResult(true);
            },
        };
        var result = await exec.RunAsync(running, scope);
        if (!result.TryGet(out var end, out var error))
        {
            return (ActionOutcome.Failed?)(KubeOutcomes.From(error, objects) as ActionOutcome.Failed)
                ?? new ActionOutcome.Failed(error.Kind, error.Message, objects);
        }

        return end switch
        {
            ExecEnd.Exited exited when goodCodes.Contains(exited.Code) => null,
            ExecEnd.CutShort => null,
            ExecEnd.Exited exited => Failed($"{program} ended with exit code {exited.Code}{Said}"),
            ExecEnd.NotStarted notStarted => Failed($"{program} could not be started, the image must bring it: {notStarted.Reason}"),
            var other => throw new InvalidOperationException($"no such end of a command: {other}"),
        };
    }

    private string Said => OneLine.From(Encoding.UTF8.GetString(_error.ToArray())) is { Length: > 0 } text ? $": {text}" : "";

    private ActionOutcome.Failed Failed(string reason) => new(FailureKind.Rejected, reason, objects);

    private async ValueTask<bool> TakeAsync(Stream destination, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        long room = maxBytes - _written;
        _isCut = bytes.Length > room;
        var part = _isCut ? bytes[..(int)room] : bytes;
        await destination.WriteAsync(part, cancellationToken);
        _written += part.Length;
        return !_isCut;
    }
}
