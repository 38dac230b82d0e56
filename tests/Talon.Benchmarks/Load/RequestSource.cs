namespace Talon.Benchmarks.Load;

/// <summary>Gives one connection its requests. For one thread.</summary>
internal abstract class RequestSource
{
    /// <summary>The bytes of the next request, valid until the next call; empty when there are no more.</summary>
    public abstract ReadOnlySpan<byte> Next();
}
