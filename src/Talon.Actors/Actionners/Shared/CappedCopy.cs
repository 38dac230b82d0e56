namespace Talon.Actors.Actionners.Shared;

/// <summary>Copies what comes to a stream and has enough at a bound; nothing is held.</summary>
/// <param name="destination">Where it goes; not closed.</param>
/// <param name="most">How many bytes are copied at most.</param>
internal sealed class CappedCopy(Stream destination, long most)
{
    private long _written;

    /// <summary>Whether more came than was copied.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Takes bytes. False when it has enough.</summary>
    public async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        IsCut = bytes.Length > most - _written;
        var part = IsCut ? bytes[..(int)(most - _written)] : bytes;
        await destination.WriteAsync(part, cancellationToken);
        _written += part.Length;
        return !IsCut;
    }
}
