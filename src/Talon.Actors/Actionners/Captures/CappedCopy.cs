namespace Talon.Actors.Actionners.Captures;

/// <summary>Copies bytes to a stream, which it leaves open, up to a bound; it holds none of them.</summary>
internal sealed class CappedCopy(Stream destination, long most)
{
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
