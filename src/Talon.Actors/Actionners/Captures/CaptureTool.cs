using System.Collections.Immutable;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Captures;

/// <summary>
/// Runs a program in a container that Talon added for it. When the program cannot be started, this tries again for a while: the
/// container is there already, and another attempt of the action would add a second one.
/// </summary>
internal sealed class CaptureTool(IPodExec exec, TimeProvider clock)
{
    /// <summary>How long to retry a program that cannot be started. The container has to live that much longer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);

    // A few lines of what a program says are enough.
    private const int ShownError = 2048;

    /// <summary>Runs a command until it ends or its output is cut short.</summary>
    /// <param name="command">The command; its standard error is kept for the reason of a failure.</param>
    /// <param name="program">What runs, for messages.</param>
    /// <param name="goodCodes">The exit codes that count as success.</param>
    public async Task<ToolEnd> RunAsync(
        ExecCommand command, string program, ImmutableArray<int> goodCodes, ImmutableSortedDictionary<string, string> objects, CallScope scope)
    {
        using var said = new OutputCapture(ShownError);
        var result = await StartAsync(command with { Error = said.TakeAsync }, scope);
        if (!result.TryGet(out var end, out var error))
        {
            return error.Kind.ProvablyNotDone()
                ? Failed(FailureKind.CommandFailed, $"{program} was not started: {error.Message}", started: false)
                : Failed(error.Kind, error.Message, started: error.Kind == FailureKind.ConnectionLost);
        }

        return end switch
        {
            ExecEnd.Exited exited when goodCodes.Contains(exited.Code) => new ToolEnd(null, true),
            ExecEnd.CutShort when said.Bytes < OutputCapture.MostRead => new ToolEnd(null, true),
            ExecEnd.Exited exited => Failed(FailureKind.CommandFailed, $"{program} ended with exit code {exited.Code}{Words(said)}", started: true),
            ExecEnd.NotStarted not => Failed(
                FailureKind.CommandFailed, $"{program} could not be started, the image must have it: {not.Reason}", started: false),
            _ => Failed(FailureKind.CommandFailed, $"{program} wrote too many messages", started: true),
        };

        ToolEnd Failed(FailureKind kind, string reason, bool started) => new(new ActionOutcome.Failed(kind, reason, objects), started);
    }

    private static string Words(OutputCapture said) =>
        said.Bytes == 0 ? "" : $": {OneLine.From(said.ToCaptured("stderr", false).Text)}";

    private async Task<KubeResult<ExecEnd>> StartAsync(ExecCommand command, CallScope scope)
    {
        long start = clock.GetTimestamp();
        for (var delay = FirstDelay; ; delay *= 2)
        {
            var result = await exec.RunAsync(command, scope);
            if (result.TryGet(out _, out var error) || !error.Kind.ProvablyNotDone() || scope.Refusal() is not null)
            {
                return result;
            }

            var wait = error.RetryAfter > delay ? error.RetryAfter.Value : delay;
            if (clock.GetElapsedTime(start) + wait > Patience)
            {
                return result;
            }

            try
            {
                await Task.Delay(wait, clock, scope.Token);
            }
            catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
            {
                return result;
            }
        }
    }
}
