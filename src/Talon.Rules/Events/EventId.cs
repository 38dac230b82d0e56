using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Talon.Rules.Json;

namespace Talon.Rules.Events;

/// <summary>
/// What makes two events the same event: the first 128 bits of SHA-256 over source, rule, priority, host name and output.
/// For routing and the duplicate window only. The hash resists collisions because the attacker shapes the text.
/// </summary>
/// <param name="High">The first eight bytes, big-endian.</param>
/// <param name="Low">The last eight bytes, big-endian.</param>
public readonly record struct EventId(ulong High, ulong Low)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 16;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    // These tell repetitions of one event apart, which is just what the id must not do.
    private static readonly HashSet<string> Volatile =
        new(StringComparer.Ordinal) { "evt.time", "evt.num", "evt.time.iso8601", "evt.rawtime", "evt.datetime" };

    /// <summary>The number by which events are spread over buckets.</summary>
    public ulong Routing => High;

    /// <summary>
    /// The id of an event: SHA-256 over source, rule, priority (Falco's spelling where it is known), host name and output
    /// without its prefix, each in UTF-8 after its length (4 bytes, big-endian). Without output, the output fields stand in as
    /// JSON with sorted names, without those that hold times and counters.
    /// </summary>
    /// <param name="falcoEvent">The event.</param>
    public static EventId Compute(FalcoEvent falcoEvent)
    {
        ArgumentNullException.ThrowIfNull(falcoEvent);
        ReadOnlySpan<string> texts =
        [
            falcoEvent.Source,
            falcoEvent.Rule,
            falcoEvent.Priority == Priority.Unknown ? falcoEvent.PriorityText : PriorityName.Of(falcoEvent.Priority),
            falcoEvent.Hostname,
            falcoEvent.Output.Length > 0 ? falcoEvent.Output : CanonicalFields(falcoEvent.OutputFields),
        ];
        int size = 0;
        foreach (string text in texts)
        {
            size += sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
        int at = 0;
        foreach (string text in texts)
        {
            int written = Encoding.UTF8.GetBytes(text, buffer.AsSpan(at + sizeof(int)));
            BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(at), written);
            at += sizeof(int) + written;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, at), digest);
        ArrayPool<byte>.Shared.Return(buffer);
        return FromBytes(digest[..Size]);
    }

    /// <summary>The id of 16 bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="ArgumentException">They are not 16.</exception>
    public static EventId FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new EventId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
        : throw new ArgumentException("an event id has 16 bytes", nameof(bytes));

    /// <summary>Reads the form of <see cref="ToString"/>: 32 lower-case hex digits.</summary>
    /// <param name="text">The text.</param>
    /// <param name="id">The id read.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out EventId id)
    {
        id = default;
        if (text?.Length != Size * 2 || text.AsSpan().ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        id = new EventId(ulong.Parse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier), ulong.Parse(text.AsSpan(16), NumberStyles.AllowHexSpecifier));
        return true;
    }

    /// <summary>Writes the 16 bytes.</summary>
    /// <param name="destination">At least 16 bytes.</param>
    public void WriteBytes(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";

    private static string CanonicalFields(FieldMap fields)
    {
        int[] order = new int[fields.Count];
        int count = 0;
        for (int i = 0; i < fields.Count; i++)
        {
            if (!Volatile.Contains(fields.NameAt(i)))
            {
                order[count++] = i;
            }
        }

        Array.Sort(order, 0, count, Comparer<int>.Create((a, b) => string.CompareOrdinal(fields.NameAt(a), fields.NameAt(b))));
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonCopy.CompactWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (int position in order.AsSpan(0, count))
            {
                writer.WritePropertyName(fields.NameAt(position));
                if (fields.KindAt(position) == FieldKind.Text)
                {
                    writer.WriteStringValue(fields.ValueAt(position).Literal);
                }
                else
                {
                    JsonCopy.Write(fields.JsonAt(position), writer, sortNames: true);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
