using System.Buffers.Binary;
using System.Text;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Cluster.Wire;

/// <summary>
/// The message <c>Ingest</c>, framed like the fact <c>Accepted</c>: bucket (4 bytes), delivery id (16), event id (16), trace id
/// length (1) and text, plan length (4) and plan JSON, body to the end; numbers little endian.
/// </summary>
internal static class IngestFrame
{
    public static byte[] Write(EventProtocol.Ingest ingest)
    {
        var plan = PlanJson.ToUtf8(ingest.Plan).Span;
        var body = ingest.Event.Raw.Span;
        int traceLength = ingest.TraceId.Length;
        var bytes = new byte[4 + 16 + 16 + 1 + traceLength + 4 + plan.Length + body.Length];
        var rest = bytes.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(rest, ingest.Bucket);
        ingest.DeliveryId.WriteBytes(rest[4..]);
        ingest.EventId.WriteBytes(rest[20..]);
        rest[36] = checked((byte)traceLength);
        Encoding.ASCII.GetBytes(ingest.TraceId, rest[37..]);
        rest = rest[(37 + traceLength)..];
        BinaryPrimitives.WriteInt32LittleEndian(rest, plan.Length);
        plan.CopyTo(rest[4..]);
        body.CopyTo(rest[(4 + plan.Length)..]);
        return bytes;
    }

    public static EventProtocol.Ingest Read(byte[] bytes)
    {
        var span = bytes.AsSpan();
        if (span.Length < 41)
        {
            throw new FormatException("an ingest message is cut short");
        }

        int traceLength = span[36];
        int planAt = 37 + traceLength + 4;
        int planLength = BinaryPrimitives.ReadInt32LittleEndian(span[(planAt - 4)..]);
        if (planLength < 0 || planAt + planLength > bytes.Length)
        {
            throw new FormatException("an ingest message is cut short");
        }

        var parsed = FalcoEventParser.Parse(bytes.AsMemory(planAt + planLength));
        return new EventProtocol.Ingest(
            BinaryPrimitives.ReadInt32LittleEndian(span),
            DeliveryId.FromBytes(span.Slice(4, 16)),
            EventId.FromBytes(span.Slice(20, 16)),
            Encoding.ASCII.GetString(span.Slice(37, traceLength)),
            PlanJson.Parse(span.Slice(planAt, planLength)),
            parsed.Event ?? throw new FormatException($"the body of an ingest message cannot be read: {parsed.Error}"));
    }
}
