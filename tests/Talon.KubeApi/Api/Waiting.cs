namespace Talon.KubeApi.Api;

/// <summary>The clock of the server and how fast its own waits run.</summary>
internal sealed class Waiting(TimeProvider time, double scale)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public TimeSpan Scaled(TimeSpan wait) => wait * scale;

    public Task DelayAsync(TimeSpan wait, CancellationToken ct) => Task.Delay(Scaled(wait), time, ct);

    public Task UnscaledDelayAsync(TimeSpan wait, CancellationToken ct) => Task.Delay(wait, time, ct);
}
