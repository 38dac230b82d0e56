using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Talon.Rules.Events;

/// <summary>
/// What makes two events the same event: the first 128 bits of SHA-256 over source, rule, priority, host name, output and the
/// output fields that are not volatile. For routing and the duplicate window only. The hash resists collisions because the
/// attacker shapes the text. It is computed once, when an event comes in, and kept: another version, or other rules, may give
/// the same event another id.
/// </summary>
/// <param name="High">The first eight bytes, big-endian.</param>
/// <param name="Low">The last eight bytes, big-endian.</param>
public readonly record struct EventId(ulong High, ulong Low)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 16;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The number by which events are spread over buckets.</summary>
    public ulong Routing => High;

    /// <summary>
    /// The id of an event: SHA-256 over source, rule, priority (Falco's spelling where it is known), host name, output without its
    /// prefix, and the output fields, each in UTF-8 after its length (4 bytes, big-endian). The output fields are compact JSON
    /// with the names sorted at every depth, without those of <see cref="VolatileFields"/> that no matching rule names.
    /// </summary>
    /// <param name="named">The volatile fields that count, because a matching rule names them.</param>
    public static EventId Compute(FalcoEvent falcoEvent, VolatileSet named = default)
    {
        ReadOnlySpan<string> texts =
        [
            falcoEvent.Source,
            falcoEvent.Rule,
            falcoEvent.Priority == Priority.Unknown ? falcoEvent.PriorityText : PriorityName.Of(falcoEvent.Priority),
            falcoEvent.Hostname,
            falcoEvent.Output,
        ];
        var scratch = EventIdScratch.Rent();
        foreach (string text in texts)
        {
            scratch.Add(text);
        }

        scratch.Add(falcoEvent.OutputFields, named);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(scratch.Written, digest);
        scratch.Return();
        return FromBytes(digest[..Size]);
    }

    /// <summary>The id of 16 bytes.</summary>
    /// <exception cref="ArgumentException">They are not 16.</exception>
    public static EventId FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Size
        ? new EventId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
        : throw new ArgumentException("an event id has 16 bytes", nameof(bytes));

    /// <summary>Reads the form of <see cref="ToString"/>: 32 lower-case hex digits.</summary>
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
}
