using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Talon.Cluster.Protocol;
using Talon.Rules.Events;
using Talon.Rules.Outcomes;
using Talon.Rules.Planning;

namespace Talon.Cluster.Serialization;

/// <summary>
/// The bytes of facts, kept readable for ever. <c>Accepted</c> is framed so that the body of the event is stored verbatim:
/// delivery id (16 bytes), event id (16), accepted at in ms (8), trace id length (1) and text, plan length (4) and plan JSON,
/// body to the end; numbers little endian. All other facts are small JSON objects with the short keys below.
/// </summary>
internal static class FactCodec
{
    public const string AcceptedManifest = "acc:1";
    public const string StartedManifest = "sta:1";
    public const string FinishedManifest = "fin:1";
    public const string RetryManifest = "ret:1";
    public const string ResumedManifest = "res:1";

    public static string? ManifestOf(object fact) => fact switch
    {
        Facts.Accepted => AcceptedManifest,
        Facts.Started => StartedManifest,
        Facts.Finished => FinishedManifest,
        Facts.RetryScheduled => RetryManifest,
        Facts.Resumed => ResumedManifest,
        _ => null,
    };

    public static byte[] Write(IFact fact) => fact switch
    {
        Facts.Accepted a => WriteAccepted(a),
        Facts.Started s => Json.Write(json =>
        {
            WriteAbout(json, s);
            json.WriteNumber("p", s.Position);
            json.WriteNumber("a", s.Attempt);
            json.WriteNumber("r", s.Run);
            json.WriteString("n", s.Node);
            json.WriteString("i", s.Incarnation);
            json.WriteNumber("to", s.TimeoutMs);
            if (s.Target is { } target)
            {
                json.WriteStartObject("t");
                json.WriteString("k", target.Kind);
                if (target.Namespace is not null)
                {
                    json.WriteString("ns", target.Namespace);
                }

                json.WriteString("n", target.Name);
                json.WriteString("u", target.Uid);
                json.WriteEndObject();
            }
        }),
        Facts.Finished f => Json.Write(json =>
        {
            WriteAbout(json, f);
            json.WriteNumber("p", f.Position);
            json.WriteNumber("a", f.Attempt);
            json.WritePropertyName("o");
            OutcomeJson.Write(json, f.Outcome);
        }),
        Facts.RetryScheduled r => Json.Write(json =>
        {
            WriteAbout(json, r);
            json.WriteNumber("p", r.Position);
            json.WriteNumber("a", r.Attempt);
            json.WriteNumber("k", (int)r.Kind);
            json.WriteString("r", r.Reason);
            json.WriteNumber("d", r.DelayMs);
        }),
        Facts.Resumed r => Json.Write(json =>
        {
            WriteAbout(json, r);
            json.WriteString("i", r.Incarnation);
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(fact), fact.GetType().Name, "not a fact"),
    };

    public static IFact Read(string manifest, ReadOnlyMemory<byte> bytes)
    {
        if (manifest == AcceptedManifest)
        {
            return ReadAccepted(bytes);
        }

        using var document = JsonDocument.Parse(bytes);
        var json = document.RootElement;
        long @event = json.GetProperty("e").GetInt64();
        long at = json.GetProperty("at").GetInt64();
        return manifest switch
        {
            StartedManifest => new Facts.Started(
                @event,
                json.GetProperty("p").GetInt32(),
                json.GetProperty("a").GetInt32(),
                json.GetProperty("r").GetInt32(),
                json.GetProperty("n").GetString()!,
                json.GetProperty("i").GetString()!,
                json.TryGetProperty("t", out var t) ? ReadTarget(t) : null,
                json.GetProperty("to").GetInt64(),
                at),
            FinishedManifest => new Facts.Finished(
                @event, json.GetProperty("p").GetInt32(), json.GetProperty("a").GetInt32(), OutcomeJson.Read(json.GetProperty("o")), at),
            RetryManifest => new Facts.RetryScheduled(
                @event,
                json.GetProperty("p").GetInt32(),
                json.GetProperty("a").GetInt32(),
                (FailureKind)json.GetProperty("k").GetInt32(),
                json.GetProperty("r").GetString()!,
                json.GetProperty("d").GetInt64(),
                at),
            ResumedManifest => new Facts.Resumed(@event, json.GetProperty("i").GetString()!, at),
            _ => throw new FormatException($"the journal holds a fact of the unknown kind '{manifest}'; a newer Talon wrote it"),
        };
    }

    private static void WriteAbout(Utf8JsonWriter json, Facts.AboutEvent fact)
    {
        json.WriteNumber("e", fact.Event);
        json.WriteNumber("at", fact.At);
    }

    private static TargetRef ReadTarget(JsonElement json) => new(
        json.GetProperty("k").GetString()!,
        json.TryGetProperty("ns", out var ns) ? ns.GetString() : null,
        json.GetProperty("n").GetString()!,
        json.GetProperty("u").GetString()!);

    private static byte[] WriteAccepted(Facts.Accepted fact)
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
        System.Text.Encoding.ASCII.GetBytes(fact.TraceId, rest[1..]);
        rest = rest[(1 + traceLength)..];
        BinaryPrimitives.WriteInt32LittleEndian(rest, plan.Length);
        plan.CopyTo(rest[4..]);
        body.CopyTo(rest[(4 + plan.Length)..]);
        return bytes;
    }

    private static Facts.Accepted ReadAccepted(ReadOnlyMemory<byte> bytes)
    {
        var rest = bytes;
        var delivery = DeliveryId.FromBytes(Take(ref rest, DeliveryId.Size).Span);
        var eventId = EventId.FromBytes(Take(ref rest, 16).Span);
        long at = BinaryPrimitives.ReadInt64LittleEndian(Take(ref rest, 8).Span);
        string trace = System.Text.Encoding.ASCII.GetString(Take(ref rest, Take(ref rest, 1).Span[0]).Span);
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

    /// <summary>Small JSON objects through one reused buffer per call.</summary>
    internal static class Json
    {
        public static byte[] Write(Action<Utf8JsonWriter> body)
        {
            var buffer = new ArrayBufferWriter<byte>(256);
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                body(json);
                json.WriteEndObject();
            }

            return buffer.WrittenSpan.ToArray();
        }
    }
}
