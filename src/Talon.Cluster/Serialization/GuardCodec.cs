using System.Text.Json;
using Talon.Cluster.Protocol;

namespace Talon.Cluster.Serialization;

/// <summary>The bytes of the messages of guards: small JSON objects with the key <c>k</c> and the id <c>i</c> as 32 hex digits.</summary>
internal static class GuardCodec
{
    public const string AcquireManifest = "gac:1";
    public const string ReleaseManifest = "grl:1";
    public const string ReplyManifest = "grp:1";
    public const string HandOffManifest = "ghn:1";

    public static string? ManifestOf(object message) => message switch
    {
        GuardProtocol.Acquire => AcquireManifest,
        GuardProtocol.Release => ReleaseManifest,
        GuardProtocol.Reply => ReplyManifest,
        GuardProtocol.HandOff => HandOffManifest,
        _ => null,
    };

    public static byte[] Write(object message) => message switch
    {
        GuardProtocol.Acquire acquire => Request(acquire.Key, acquire.Id),
        GuardProtocol.Release release => Request(release.Key, release.Id),
        GuardProtocol.Reply.Granted granted => FactCodec.Json.Write(json =>
        {
            json.WriteString("r", "granted");
            json.WriteNumber("l", granted.LeftMs);
            json.WriteString("g", granted.Guard);
        }),
        GuardProtocol.Reply.Queued queued => FactCodec.Json.Write(json =>
        {
            json.WriteString("r", "queued");
            json.WriteNumber("n", queued.Ahead);
        }),
        GuardProtocol.Reply.Moving => FactCodec.Json.Write(json => json.WriteString("r", "moving")),
        GuardProtocol.Reply.Full => FactCodec.Json.Write(json => json.WriteString("r", "full")),
        GuardProtocol.HandOff => [],
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "not a message of a guard"),
    };

    public static object Read(string manifest, byte[] bytes)
    {
        if (manifest == HandOffManifest)
        {
            return GuardProtocol.HandOff.Instance;
        }

        using var document = JsonDocument.Parse(bytes);
        var json = document.RootElement;
        return manifest switch
        {
            AcquireManifest => new GuardProtocol.Acquire(Key(json), Id(json)),
            ReleaseManifest => new GuardProtocol.Release(Key(json), Id(json)),
            ReplyManifest => json.GetProperty("r").GetString() switch
            {
                "granted" => new GuardProtocol.Reply.Granted(
                    json.GetProperty("l").GetInt64(), json.GetProperty("g").GetString() ?? throw new FormatException("a grant has no guard")),
                "queued" => new GuardProtocol.Reply.Queued(json.GetProperty("n").GetInt32()),
                "moving" => GuardProtocol.Reply.Moving.Instance,
                "full" => GuardProtocol.Reply.Full.Instance,
                var other => throw new FormatException($"unknown answer of a guard '{other}'"),
            },
            _ => throw new FormatException($"a node sent a message of the unknown kind '{manifest}'; it runs a newer Talon"),
        };
    }

    private static byte[] Request(string key, Guid id) => FactCodec.Json.Write(json =>
    {
        json.WriteString("k", key);
        json.WriteString("i", id.ToString("N"));
    });

    private static string Key(JsonElement json) => json.GetProperty("k").GetString() ?? throw new FormatException("a request for a guard has no key");

    private static Guid Id(JsonElement json) => Guid.ParseExact(json.GetProperty("i").GetString() ?? "", "N");
}
