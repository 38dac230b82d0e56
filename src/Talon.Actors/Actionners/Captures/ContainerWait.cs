using System.Collections.Immutable;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Captures;

/// <summary>
/// Waits until a container that Talon added runs. Something was written by then, so no outcome asks for another attempt of the action.
/// </summary>
internal sealed class ContainerWait(TimeProvider clock, TimeSpan most, string what, ImmutableSortedDictionary<string, string> objects)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Null when it runs, else how the action ends.</summary>
    public async Task<ActionOutcome.Failed?> RunAsync(Func<Task<KubeResult<ContainerStart>>> readAsync, CallScope scope)
    {
        string waiting = "";
        long start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < most)
        {
            var read = await readAsync();
            if (!read.TryGet(out var state, out var error))
            {
                if (error.Kind == FailureKind.NotFound || error.Kind.IsAccessDenied())
                {
                    return new ActionOutcome.Failed(error.Kind, $"{what} was added, but not seen to run: {error.Message}", objects);
                }

                waiting = $": {error.Message}";
            }
            else if (state.Running)
            {
                return null;
            }
            else if (state.Problem is { } problem)
            {
                return new ActionOutcome.Failed(FailureKind.CommandFailed, $"{what} does not run: {problem}", objects);
            }
            else
            {
                waiting = state.Waiting;
            }

            try
            {
                await Task.Delay(Pause, clock, scope.Token);
            }
            catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
            {
                return new ActionOutcome.Failed(FailureKind.CommandFailed, $"{what} did not run before the action was ended{waiting}", objects);
            }
        }

        return new ActionOutcome.Failed(FailureKind.CommandFailed, $"{what} did not run within {most.TotalSeconds:0} s (image_wait){waiting}", objects);
    }
}
