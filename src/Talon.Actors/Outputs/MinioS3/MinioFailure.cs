using Talon.Actors.Clients.Aws;

namespace Talon.Actors.Outputs.MinioS3;

/// <summary>
/// A request that is not answered with success. It crosses the code of Minio's client, which loses the status and the error code of an answer, and
/// takes an answer without a body for a fault of its own.
/// </summary>
public sealed class MinioFailure : Exception
{
    internal MinioFailure(AwsError error)
        : base(error.Message) => Error = error;

    /// <summary>What the answer says.</summary>
    internal AwsError Error { get; }

    /// <summary>The region that the server says it is in; null when it says none.</summary>
    internal string? Region { get; init; }
}
