using Akka.Actor;
using Akka.Pattern;
using Talon.Cluster.Wire;

namespace Talon.Cluster.Sharding;

/// <summary>
/// Makes a bucket again after it has stopped by itself: Akka stops it when a write or its recovery fails. The pauses grow while the
/// database is away, so that waiting senders do not make it recover over and over; on the word to hand over it stays stopped.
/// </summary>
internal static class BucketSupervisor
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan CalmAfter = TimeSpan.FromSeconds(20);

    public static Props CreateProps(Props bucket) => BackoffSupervisor.Props(
        Backoff.OnStop(bucket, "bucket", First, Longest, 0.2, -1)
            .WithAutoReset(CalmAfter)
            .WithFinalStopMessage(message => message is EventProtocol.HandOff));
}
