using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Clients.Minio;
using Talon.Actors.Outputs.Spool;
using Talon.Actors.Plugins;

namespace Talon.Actors.Outputs;

/// <summary>What outputs are made of, one set a process.</summary>
public sealed record OutputPorts
{
    /// <summary>The way to AWS.</summary>
    public required AwsConnection Aws { get; init; }

    /// <summary>The way to Google Cloud.</summary>
    public required GcpConnection Gcp { get; init; }

    /// <summary>How MinIO is reached.</summary>
    public required MinioOptions Minio { get; init; }

    /// <summary>Where artifacts for remote outputs wait.</summary>
    public required SpoolOptions Spool { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Random numbers in [0, 1) for the jitter of retries; thread-safe.</summary>
    public required Func<double> Jitter { get; init; }

    /// <summary>The spool itself, which all outputs share.</summary>
    internal ArtifactSpool ArtifactSpool => field ??= new ArtifactSpool(Spool);
}
