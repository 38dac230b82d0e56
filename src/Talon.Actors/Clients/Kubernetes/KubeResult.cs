using System.Diagnostics.CodeAnalysis;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>What a call to the Kubernetes API gave: a value or an error, never both.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public sealed class KubeResult<T>
    where T : class
{
    private readonly T? _value;
    private readonly KubeError? _error;

    private KubeResult(T? value, KubeError? error)
    {
        _value = value;
        _error = error;
    }

    /// <summary>Wraps a value.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator KubeResult<T>(T value) => new(value ?? throw new ArgumentNullException(nameof(value)), null);

    /// <summary>Wraps an error.</summary>
    /// <param name="error">The error.</param>
    public static implicit operator KubeResult<T>(KubeError error) => new(null, error ?? throw new ArgumentNullException(nameof(error)));

    /// <summary>Takes the result apart. True with the value, or false with the error.</summary>
    /// <param name="value">The value.</param>
    /// <param name="error">The error.</param>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out KubeError? error)
    {
        value = _value;
        error = _error;
        return value is not null;
    }
}
