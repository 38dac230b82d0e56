using System.Diagnostics.CodeAnalysis;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>What a call to the Kubernetes API gave: a value or an error, never both.</summary>
internal sealed class KubeResult<T>
    where T : class
{
    private readonly T? _value;
    private readonly KubeError? _error;

    private KubeResult(T? value, KubeError? error)
    {
        _value = value;
        _error = error;
    }

    public static implicit operator KubeResult<T>(T value) => new(value ?? throw new ArgumentNullException(nameof(value)), null);

    public static implicit operator KubeResult<T>(KubeError error) => new(null, error ?? throw new ArgumentNullException(nameof(error)));

    /// <summary>Takes the result apart. True with the value, or false with the error.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out KubeError? error)
    {
        value = _value;
        error = _error;
        return value is not null;
    }
}
