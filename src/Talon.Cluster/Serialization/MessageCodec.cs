using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Talon.Cluster.Protocol;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Cluster.Serialization;

/// <summary>
/// The bytes of messages that cross nodes. <c>Ingest</c> is framed like the fact <c>Accepted</c> (bucket 4, delivery id 16,
/// event id 16, trace id length 1 and text, plan length 4 and JSON, body to the end); the others are small JSON objects.
/// </summary>
internal static class MessageCodec
{
    public const string IngestManifest = "ing:1";
    public const string ReplyManifest = "rep:1";
    public const string ActionFinishedManifest = "afi:1";
    public const string ConfirmedManifest = "cfm:1";
    public const string WakeManifest = "wak:1";
    public const string HandOffManifest = "hnd:1";
    public const string LookManifest = "lok:1";
    public const string SeenManifest = "see:1";

    public static string? ManifestOf(object message) => message switch
    {
        EventProtocol.Ingest => IngestManifest,
        EventProtocol.IngestReply => ReplyManifest,
        EventProtocol.ActionFinished => ActionFinishedManifest,
        EventProtocol.OutcomeConfirmed => ConfirmedManifest,
        EventProtocol.Wake => WakeManifest,
        EventProtocol.HandOff => HandOffManifest,
        IslandProtocol.Look => LookManifest,
        IslandProtocol.Seen => SeenManifest,
        _ => null,
    };

    public static byte[] Write(object message) => message switch
    {
        EventProtocol.Ingest ingest => WriteIngest(ingest),
        EventProtocol.IngestReply.Accepted accepted => FactCodec.Json.Write(json =>
        {
            json.WriteString("r", "accepted");
            json.WriteNumber("s", accepted.Sequence);
        }),
        EventProtocol.IngestReply.Duplicate => FactCodec.Json.Write(json => json.WriteString("r", "duplicate")),
        EventProtocol.IngestReply.Refused refused => FactCodec.Json.Write(json =>
        {
            json.WriteString("r", "refused");
            json.WriteString("c", refused.Cause);
            json.WriteString("t", refused.Reason);
        }),
        EventProtocol.ActionFinished finished => FactCodec.Json.Write(json =>
        {
            WriteKey(json, finished.Key);
            json.WritePropertyName("o");
            OutcomeJson.Write(json, finished.Outcome);
        }),
        EventProtocol.OutcomeConfirmed confirmed => FactCodec.Json.Write(json => WriteKey(json, confirmed.Key)),
        EventProtocol.Wake wake => FactCodec.Json.Write(json => json.WriteNumber("b", wake.Bucket)),
        EventProtocol.HandOff or IslandProtocol.Look => [],
        IslandProtocol.Seen seen => FactCodec.Json.Write(json =>
        {
            json.WriteStartArray("m");
            foreach (string member in seen.Members)
            {
                json.WriteStringValue(member);
            }

            json.WriteEndArray();
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of Talon"),
    };

    public static object Read(string manifest, byte[] bytes)
    {
        switch (manifest)
        {
            case IngestManifest:
                return ReadIngest(bytes);
            case HandOffManifest:
                return EventProtocol.HandOff.Instance;
            case LookManifest:
                return IslandProtocol.Look.Instance;
        }

        using var document = JsonDocument.Parse(bytes);
        var json = document.RootElement;
        return manifest switch
        {
            ReplyManifest => json.GetProperty("r").GetString() switch
            {
                "accepted" => new EventProtocol.IngestReply.Accepted(json.GetProperty("s").GetInt64()),
                "duplicate" => EventProtocol.IngestReply.Duplicate.Instance,
                "refused" => new EventProtocol.IngestReply.Refused(json.GetProperty("c").GetString()!, json.GetProperty("t").GetString()!),
                var other => throw new FormatException($"unknown ingest reply '{other}'"),
            },
            ActionFinishedManifest => new EventProtocol.ActionFinished(ReadKey(json), OutcomeJson.Read(json.GetProperty("o"))),
            ConfirmedManifest => new EventProtocol.OutcomeConfirmed(ReadKey(json)),
            SeenManifest => new IslandProtocol.Seen([.. json.GetProperty("m").EnumerateArray().Select(member => member.GetString()!)]),
            WakeManifest => new EventProtocol.Wake(json.GetProperty("b").GetInt32()),
            _ => throw new FormatException($"a node sent a message of the unknown kind '{manifest}'; it runs a newer Talon"),
        };
    }

    private static void WriteKey(Utf8JsonWriter json, ActionKey key)
    {
        json.WriteNumber("b", key.Bucket);
        json.WriteNumber("e", key.Event);
        json.WriteNumber("p", key.Position);
        json.WriteNumber("a", key.Attempt);
        json.WriteNumber("run", key.Run);
    }

    private static ActionKey ReadKey(JsonElement json) => new(
        json.GetProperty("b").GetInt32(),
        json.GetProperty("e").GetInt64(),
        json.GetProperty("p").GetInt32(),
        json.GetProperty("a").GetInt32(),
        json.GetProperty("run").GetInt32());

    private static byte[] WriteIngest(EventProtocol.Ingest ingest)
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

    private static EventProtocol.Ingest ReadIngest(byte[] bytes)
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
