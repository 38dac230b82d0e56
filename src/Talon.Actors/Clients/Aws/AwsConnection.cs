namespace Talon.Actors.Clients.Aws;

/// <summary>The credentials and region that all calls to AWS share.</summary>
public sealed class AwsConnection(AwsOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>The settings.</summary>
    internal AwsOptions Options { get; } = options;

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; } = clock;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
