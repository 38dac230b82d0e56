using Talon.KubeApi.Api;

namespace Talon.KubeApi.Kubelet;

/// <summary>Plays an <see cref="ExecScript"/>.</summary>
internal static class ScriptRunner
{
    private const int ChunkSize = 32 * 1024;

    public static async Task<ExecOutcome> RunAsync(ExecScript script, ExecPipes pipes, Waiting waiting)
    {
        if (script.StartFault is { } fault)
            return new ExecOutcome(null, fault);
        var draining = DrainAsync(pipes);
        if (script.ReadsStdin)
            await draining;
        await waiting.UnscaledDelayAsync(script.Delay, pipes.ClientGone);
        if (!script.Stderr.IsEmpty)
            await pipes.Write(2, script.Stderr);
        var buffer = new byte[ChunkSize];
        var left = script.EndAfter ?? long.MaxValue;
        int read;
        while (left > 0 && (read = await script.Stdout.ReadAsync(buffer.AsMemory(0, (int)Math.Min(ChunkSize, left)), pipes.ClientGone)) > 0)
        {
            pipes.ClientGone.ThrowIfCancellationRequested();
            await pipes.Write(1, buffer.AsMemory(0, read));
            left -= read;
        }

        if (script.End == ExecEnd.Stall)
            await Task.Delay(Timeout.InfiniteTimeSpan, pipes.ClientGone);
        return new ExecOutcome(script.ExitCode, End: script.End);
    }

    private static async Task DrainAsync(ExecPipes pipes)
    {
        await foreach (var _ in pipes.Stdin.ReadAllAsync())
        {
            // The call has kept it.
        }
    }
}
