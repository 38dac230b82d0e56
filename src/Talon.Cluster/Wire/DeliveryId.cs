using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Talon.Cluster.Wire;

/// <summary>The identity of one HTTP request, random, carried through all internal retries so that none of them is accepted twice.</summary>
/// <param name="Value">The 128 random bits.</param>
public readonly record struct DeliveryId(UInt128 Value)
{
    /// <summary>The number of bytes of an id.</summary>
    public const int Size = 16;

    /// <summary>Draws a new id.</summary>
    public static DeliveryId New()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return FromBytes(bytes);
    }

    /// <summary>Reads an id from its 16 bytes, big endian.</summary>
    public static DeliveryId FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the 16 bytes, big endian.</summary>
    /// <param name="destination">At least 16 bytes.</param>
    public void WriteBytes(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("x32");
}
