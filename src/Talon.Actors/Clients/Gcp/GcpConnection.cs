namespace Talon.Actors.Clients.Gcp;

/// <summary>The credentials and project that all calls to Google Cloud share.</summary>
public sealed class GcpConnection(GcpOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>The settings.</summary>
    internal GcpOptions Options { get; } = options;

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; } = clock;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
