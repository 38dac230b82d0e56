using Amazon.S3;
using Talon.Actors.Clients.Aws;

namespace Talon.Actors.Outputs.S3;

/// <summary>A client, or why there is none.</summary>
/// <param name="Client">Null when <paramref name="Error"/> is there.</param>
/// <param name="Region">The region that requests are signed for; null without a client.</param>
internal sealed record S3Connection(AmazonS3Client? Client, string? Region, AwsError? Error) : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What all clients have in common: one call is one request.</summary>
    public static AmazonS3Config Config() => new()
    {
        MaxErrorRetry = 0,

        // Counted apart: a connection that breaks while the answer is awaited would be taken for one that was broken before.
        MaxStaleConnectionRetries = 0,
        AllowAutoRedirect = false,
        ConnectTimeout = ConnectTimeout,

        // The token of the attempt is what ends a request.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    // Connections are shared by all clients of the process.
    public void Dispose() => Client?.Dispose();
}
