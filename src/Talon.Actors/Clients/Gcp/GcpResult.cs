using System.Diagnostics.CodeAnalysis;

namespace Talon.Actors.Clients.Gcp;

/// <summary>What a call to Google Cloud gave: a value or an error, never both.</summary>
internal sealed class GcpResult<T>
    where T : class
{
    private readonly T? _value;
    private readonly GcpError? _error;

    private GcpResult(T? value, GcpError? error)
    {
        _value = value;
        _error = error;
    }

    public static implicit operator GcpResult<T>(T value) => new(value ?? throw new ArgumentNullException(nameof(value)), null);

    public static implicit operator GcpResult<T>(GcpError error) => new(null, error ?? throw new ArgumentNullException(nameof(error)));

    /// <summary>Takes the result apart. True with the value, or false with the error.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out GcpError? error)
    {
        value = _value;
        error = _error;
        return value is not null;
    }
}
