using System.Buffers.Binary;
using System.Text;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Cluster.Wire;

/// <summary>
/// The fact <c>Accepted</c>, framed so that the body of the event is stored verbatim: delivery id (16 bytes), event id (16),
/// accepted at in ms (8), trace id length (1) and text, plan length (4) and plan JSON, body to the end; numbers little endian.
/// </summary>
internal static class AcceptedFrame
{
    public static byte[] Write(Facts.Accepted fact)
    {
        var plan = PlanJson.ToUtf8(fact.Plan).Span;
        var body = fact.Event.Raw.Span;
        int traceLength = fact.TraceId.Length;
        var bytes = new byte[DeliveryId.Size + 16 + 8 + 1 + traceLength + 4 + plan.Length + body.Length];
        var rest = bytes.AsSpan();
        fact.DeliveryId.WriteBytes(rest);
        rest = rest[DeliveryId.Size..];
        fact.EventId.WriteBytes(rest);
        rest = rest[16..];
        BinaryPrimitives.WriteInt64LittleEndian(rest, fact.At);
        rest = rest[8..];
        rest[0] = checked((byte)traceLength);
        Encoding.ASCII.GetBytes(fact.TraceId, rest[1..]);
        rest = rest[(1 + traceLength)..];
        BinaryPrimitives.WriteInt32LittleEndian(rest, plan.Length);
        plan.CopyTo(rest[4..]);
        body.CopyTo(rest[(4 + plan.Length)..]);
        return bytes;
    }

    public static Facts.Accepted Read(byte[] bytes)
    {
        ReadOnlyMemory<byte> rest = bytes;
        var delivery = DeliveryId.FromBytes(Take(ref rest, DeliveryId.Size).Span);
        var eventId = EventId.FromBytes(Take(ref rest, 16).Span);
        long at = BinaryPrimitives.ReadInt64LittleEndian(Take(ref rest, 8).Span);
        string trace = Encoding.ASCII.GetString(Take(ref rest, Take(ref rest, 1).Span[0]).Span);
        var plan = PlanJson.Parse(Take(ref rest, BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, 4).Span)).Span);
        var parsed = FalcoEventParser.Parse(rest);
        return parsed.Event is { } falcoEvent
            ? new Facts.Accepted(delivery, eventId, trace, plan, falcoEvent, at)
            : throw new FormatException($"the body of a journalled event cannot be read: {parsed.Error}");
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, int count)
    {
        if ((uint)count > (uint)rest.Length)
        {
            throw new FormatException("a journalled event is cut short");
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
