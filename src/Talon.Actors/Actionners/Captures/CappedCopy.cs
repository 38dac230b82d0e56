namespace Talon.Actors.Actionners.Captures;

/// <summary>Copies what comes to a stream and has enough at a bound; nothing is held.</summary>
/// <param name="destination">Where it goes; not closed.</param>
/// <param name="most">How many bytes are copied at most.</param>
internal sealed class CappedCopy(Stream destination, long most)
{
    /// <summary>How many bytes were copied.</summary>
    public long Written { get; private set; }

    /// <summary>Whether more came than was copied.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Takes bytes. False when it has enough.</summary>
    public async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        IsCut = bytes.Length > most - Written;
        var part = IsCut ? bytes[..(int)(most - Written)] : bytes;
        await destination.WriteAsync(part, cancellationToken);
        Written += part.Length;
        return !IsCut;
    }
}
