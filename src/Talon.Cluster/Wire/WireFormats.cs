using System.Collections.Frozen;
using System.Text.Json;
using Talon.Rules.Outcomes;

namespace Talon.Cluster.Wire;

/// <summary>
/// Every format of the journal and of the wire, one row each: a new message or fact is one more row here, a sample and its golden
/// bytes in the tests. A format that changes is a new row with a new manifest; the old row stays, so that old journals can be read.
/// Keys are short because a journal holds millions of them.
/// </summary>
internal static class WireFormats
{
    /// <summary>The manifest of a bucket's snapshot.</summary>
    public const string Snapshot = "snap:1";

    private static readonly WireFormat[] All =
    [
        // The journal.
        WireFormat.Framed<BucketSnapshot>(Snapshot, SnapshotFrame.Write, SnapshotFrame.Read),
        WireFormat.Framed<Facts.Accepted>("acc:1", AcceptedFrame.Write, AcceptedFrame.Read),
        WireFormat.Json<Facts.Started>(
            "sta:1",
            (json, fact) =>
            {
                WriteAbout(json, fact);
                WriteAttempt(json, fact.Position, fact.Attempt);
                json.WriteNumber("r", fact.Run);
                json.WriteString("n", fact.Node);
                json.WriteString("i", fact.Incarnation);
                json.WriteNumber("to", fact.TimeoutMs);
                WriteTarget(json, fact.Target);
            },
            json => new Facts.Started(
                Event(json),
                Position(json),
                Attempt(json),
                json.GetProperty("r").GetInt32(),
                json.GetProperty("n").GetString()!,
                json.GetProperty("i").GetString()!,
                json.TryGetProperty("t", out var target) ? ReadTarget(target) : null,
                json.GetProperty("to").GetInt64(),
                At(json))),
        WireFormat.Json<Facts.Finished>(
            "fin:1",
            (json, fact) =>
            {
                WriteAbout(json, fact);
                WriteAttempt(json, fact.Position, fact.Attempt);
                WriteOutcome(json, fact.Outcome);
            },
            json => new Facts.Finished(Event(json), Position(json), Attempt(json), Outcome(json), At(json))),
        WireFormat.Json<Facts.RetryScheduled>(
            "ret:1",
            (json, fact) =>
            {
                WriteAbout(json, fact);
                WriteAttempt(json, fact.Position, fact.Attempt);
                json.WriteNumber("k", (int)fact.Kind);
                json.WriteString("r", fact.Reason);
                json.WriteNumber("d", fact.DelayMs);
            },
            json => new Facts.RetryScheduled(
                Event(json),
                Position(json),
                Attempt(json),
                (FailureKind)json.GetProperty("k").GetInt32(),
                json.GetProperty("r").GetString()!,
                json.GetProperty("d").GetInt64(),
                At(json))),
        WireFormat.Json<Facts.Resumed>(
            "res:1",
            (json, fact) =>
            {
                WriteAbout(json, fact);
                json.WriteString("i", fact.Incarnation);
            },
            json => new Facts.Resumed(Event(json), json.GetProperty("i").GetString()!, At(json))),

        // Events between nodes.
        WireFormat.Framed<EventProtocol.Ingest>("ing:1", IngestFrame.Write, IngestFrame.Read),
        WireFormat.Json<EventProtocol.IngestReply>("rep:1", WriteReply, ReadReply),
        WireFormat.Json<EventProtocol.ActionFinished>(
            "afi:1",
            (json, message) =>
            {
                WriteKey(json, message.Key);
                WriteOutcome(json, message.Outcome);
            },
            json => new EventProtocol.ActionFinished(ReadKey(json), Outcome(json))),
        WireFormat.Json<EventProtocol.OutcomeConfirmed>(
            "cfm:1", (json, message) => WriteKey(json, message.Key), json => new EventProtocol.OutcomeConfirmed(ReadKey(json))),
        WireFormat.Json<EventProtocol.Wake>(
            "wak:1", (json, message) => json.WriteNumber("b", message.Bucket), json => new EventProtocol.Wake(Bucket(json))),
        WireFormat.Empty("hnd:1", EventProtocol.HandOff.Instance),

        // Clusters that formed twice.
        WireFormat.Empty("lok:1", DuplicateClusterProtocol.AskMembers.Instance),
        WireFormat.Json<DuplicateClusterProtocol.MembersSeen>(
            "see:1",
            (json, message) =>
            {
                json.WriteStartArray("m");
                foreach (string member in message.Members)
                {
                    json.WriteStringValue(member);
                }

                json.WriteEndArray();
            },
            json => new DuplicateClusterProtocol.MembersSeen([.. json.GetProperty("m").EnumerateArray().Select(member => member.GetString()!)])),

        // Locks.
        WireFormat.Json<LockProtocol.Acquire>(
            "gac:1", (json, message) => WriteRequest(json, message.Key, message.Id), json => new LockProtocol.Acquire(RequestKey(json), RequestId(json))),
        WireFormat.Json<LockProtocol.Release>(
            "grl:1", (json, message) => WriteRequest(json, message.Key, message.Id), json => new LockProtocol.Release(RequestKey(json), RequestId(json))),
        WireFormat.Json<LockProtocol.Reply>("grp:1", WriteAnswer, ReadAnswer),
        WireFormat.Empty("ghn:1", LockProtocol.HandOff.Instance),
    ];

    private static readonly FrozenDictionary<Type, WireFormat> ByType = All.ToFrozenDictionary(format => format.Type);

    private static readonly FrozenDictionary<string, WireFormat> ByManifest =
        All.ToFrozenDictionary(format => format.Manifest, StringComparer.Ordinal);

    /// <summary>The format of a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No row is for its type.</exception>
    public static WireFormat Of(object value)
    {
        for (var type = value.GetType(); type is not null; type = type.BaseType)
        {
            if (ByType.TryGetValue(type, out var format))
            {
                return format;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value), value.GetType().Name, "not bound to Talon's serializer");
    }

    /// <summary>Reads whatever a manifest stands for.</summary>
    /// <exception cref="FormatException">The manifest is not known; damaged bytes may throw other exceptions too.</exception>
    public static object Read(string manifest, byte[] bytes) =>
        ByManifest.TryGetValue(manifest, out var format)
            ? format.Read(bytes)
            : throw new FormatException($"'{manifest}' is not a format that this version of Talon can read; a newer one wrote it");

    /// <summary>Reads a fact of the journal.</summary>
    /// <exception cref="FormatException">The manifest is not that of a fact; damaged bytes may throw other exceptions too.</exception>
    public static IFact ReadFact(string manifest, byte[] bytes) =>
        ByManifest.TryGetValue(manifest, out var format) && typeof(IFact).IsAssignableFrom(format.Type)
            ? (IFact)format.Read(bytes)
            : throw new FormatException($"the journal holds a fact of the unknown kind '{manifest}'; a newer Talon wrote it");

    private static void WriteAbout(Utf8JsonWriter json, Facts.AboutEvent fact)
    {
        json.WriteNumber("e", fact.Event);
        json.WriteNumber("at", fact.At);
    }

    private static long Event(JsonElement json) => json.GetProperty("e").GetInt64();

    private static long At(JsonElement json) => json.GetProperty("at").GetInt64();

    private static void WriteAttempt(Utf8JsonWriter json, int position, int attempt)
    {
        json.WriteNumber("p", position);
        json.WriteNumber("a", attempt);
    }

    private static int Position(JsonElement json) => json.GetProperty("p").GetInt32();

    private static int Attempt(JsonElement json) => json.GetProperty("a").GetInt32();

    private static int Bucket(JsonElement json) => json.GetProperty("b").GetInt32();

    private static void WriteOutcome(Utf8JsonWriter json, ActionOutcome outcome)
    {
        json.WritePropertyName("o");
        OutcomeJson.Write(json, outcome);
    }

    private static ActionOutcome Outcome(JsonElement json) => OutcomeJson.Read(json.GetProperty("o"));

    private static void WriteTarget(Utf8JsonWriter json, TargetRef? target)
    {
        if (target is null)
        {
            return;
        }

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

    private static TargetRef ReadTarget(JsonElement json) => new(
        json.GetProperty("k").GetString()!,
        json.TryGetProperty("ns", out var ns) ? ns.GetString() : null,
        json.GetProperty("n").GetString()!,
        json.GetProperty("u").GetString()!);

    private static void WriteKey(Utf8JsonWriter json, ActionKey key)
    {
        json.WriteNumber("b", key.Bucket);
        json.WriteNumber("e", key.Event);
        WriteAttempt(json, key.Position, key.Attempt);
        json.WriteNumber("run", key.Run);
    }

    private static ActionKey ReadKey(JsonElement json) => new(Bucket(json), Event(json), Position(json), Attempt(json), json.GetProperty("run").GetInt32());

    private static void WriteReply(Utf8JsonWriter json, EventProtocol.IngestReply reply)
    {
        switch (reply)
        {
            case EventProtocol.IngestReply.Accepted accepted:
                json.WriteString("r", "accepted");
                json.WriteNumber("s", accepted.Sequence);
                break;
            case EventProtocol.IngestReply.Duplicate:
                json.WriteString("r", "duplicate");
                break;
            case EventProtocol.IngestReply.Refused refused:
                json.WriteString("r", "refused");
                json.WriteString("c", refused.Cause);
                json.WriteString("t", refused.Reason);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(reply), reply.GetType().Name, "not an answer to an event");
        }
    }

    private static EventProtocol.IngestReply ReadReply(JsonElement json) => json.GetProperty("r").GetString() switch
    {
        "accepted" => new EventProtocol.IngestReply.Accepted(json.GetProperty("s").GetInt64()),
        "duplicate" => EventProtocol.IngestReply.Duplicate.Instance,
        "refused" => new EventProtocol.IngestReply.Refused(json.GetProperty("c").GetString()!, json.GetProperty("t").GetString()!),
        var other => throw new FormatException($"unknown ingest reply '{other}'"),
    };

    private static void WriteRequest(Utf8JsonWriter json, string key, Guid id)
    {
        json.WriteString("k", key);
        json.WriteString("i", id.ToString("N"));
    }

    private static string RequestKey(JsonElement json) =>
        json.GetProperty("k").GetString() ?? throw new FormatException("a request for a lock has no key");

    private static Guid RequestId(JsonElement json) => Guid.ParseExact(json.GetProperty("i").GetString() ?? "", "N");

    private static void WriteAnswer(Utf8JsonWriter json, LockProtocol.Reply answer)
    {
        switch (answer)
        {
            case LockProtocol.Reply.Granted granted:
                json.WriteString("r", "granted");
                json.WriteNumber("l", granted.LeftMs);
                json.WriteString("g", granted.Lock);
                break;
            case LockProtocol.Reply.Queued queued:
                json.WriteString("r", "queued");
                json.WriteNumber("n", queued.Ahead);
                break;
            case LockProtocol.Reply.Moving:
                json.WriteString("r", "moving");
                break;
            case LockProtocol.Reply.Full:
                json.WriteString("r", "full");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(answer), answer.GetType().Name, "not an answer of a lock");
        }
    }

    private static LockProtocol.Reply ReadAnswer(JsonElement json) => json.GetProperty("r").GetString() switch
    {
        "granted" => new LockProtocol.Reply.Granted(
            json.GetProperty("l").GetInt64(), json.GetProperty("g").GetString() ?? throw new FormatException("a grant has no lock")),
        "queued" => new LockProtocol.Reply.Queued(json.GetProperty("n").GetInt32()),
        "moving" => LockProtocol.Reply.Moving.Instance,
        "full" => LockProtocol.Reply.Full.Instance,
        var other => throw new FormatException($"unknown answer of a lock '{other}'"),
    };
}
