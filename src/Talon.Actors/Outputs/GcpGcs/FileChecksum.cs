using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Talon.Actors.Outputs.GcpGcs;

/// <summary>CRC-32C, the checksum that Cloud Storage compares before it makes an object.</summary>
internal static class FileChecksum
{
    private const int BufferSize = 128 * 1024;

    /// <summary>That of a stream, as Cloud Storage writes it: base64 of the big-endian number. Ends at the beginning of the stream again.</summary>
    public static async Task<string> Crc32CAsync(FileStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            uint crc = uint.MaxValue;
            int read;
            while ((read = await stream.ReadAtLeastAsync(buffer.AsMemory(0, BufferSize), BufferSize, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                crc = Add(crc, buffer.AsSpan(0, read));
            }

            stream.Position = 0;
            return Text(~crc);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }

    private static string Text(uint crc)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, crc);
        return Convert.ToBase64String(bytes);
    }
}
