using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Talon.Cluster.Sharding;
using Talon.Rules.Events;

namespace Talon.EndToEnd.Tests.Support;

/// <summary>Makes events as Falcosidekick sends them.</summary>
internal static class FalcoBody
{
    public const string Shell = "Terminal shell in container";

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>An event of the syscall source.</summary>
    public static string Create(string output, DateTimeOffset time, params (string Name, object? Value)[] fields) => CreateFor(Shell, output, time, fields);

    /// <summary>An event of a rule of Falco.</summary>
    public static string CreateFor(string rule, string output, DateTimeOffset time, params (string Name, object? Value)[] fields) =>
        CreateFor("syscall", rule, output, time, fields);

    /// <summary>An event of the audit log of Kubernetes about one object; no namespace for one that is in none.</summary>
    public static string Audit(string rule, string output, DateTimeOffset time, string resource, string name, string? ns) =>
        CreateFor("k8s_audit", rule, output, time, [("ka.target.resource", resource), ("ka.target.name", name), ("ka.target.namespace", ns ?? "")]);

    private static string CreateFor(string source, string rule, string output, DateTimeOffset time, (string Name, object? Value)[] fields) =>
        new JsonObject
        {
            ["uuid"] = Guid.NewGuid().ToString(),
            ["output"] = $"{time.UtcDateTime.ToString("HH:mm:ss.fffffff'00'", CultureInfo.InvariantCulture)}: Notice {output}",
            ["priority"] = "Notice",
            ["rule"] = rule,
            ["time"] = Text(time),
            ["source"] = source,
            ["hostname"] = "node1",
            ["tags"] = new JsonArray("container", "shell"),
            ["output_fields"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, JsonSerializer.SerializeToNode(f.Value)))),
        }.ToJsonString();

    /// <summary>An event that names a pod and one of its containers, as Falco does. Its output is the name of the pod.</summary>
    public static string ForPod(string ns, string pod, string? containerId = null, string? output = null, DateTimeOffset? at = null) => Create(
        output ?? pod,
        at ?? Now,
        ("k8s.ns.name", ns),
        ("k8s.pod.name", pod),
        ("container.id", containerId ?? "host"),
        ("proc.cmdline", "bash"));

    /// <summary>A recorded event with its times set to now: <c>time</c>, <c>evt.time</c> and the prefix of the output.</summary>
    public static string Restamp(string line, DateTimeOffset now)
    {
        var json = JsonNode.Parse(line)!.AsObject();
        json["time"] = Text(now);
        if (json["output"]?.GetValueKind() == JsonValueKind.String)
        {
            string output = json["output"]!.GetValue<string>();
            if (output.Length > 18 && output[2] == ':' && output[5] == ':' && output[8] == '.' && output[18] == ':')
            {
                json["output"] = $"{now.UtcDateTime.ToString("HH:mm:ss.fffffff'00'", CultureInfo.InvariantCulture)}{output[18..]}";
            }
        }

        if (json["output_fields"] is JsonObject fields && fields["evt.time"] is { } old)
        {
            long nanoseconds = now.ToUnixTimeMilliseconds() * 1_000_000;
            fields["evt.time"] = old.GetValueKind() == JsonValueKind.Number ? nanoseconds : JsonValue.Create(nanoseconds.ToString(CultureInfo.InvariantCulture));
        }

        return json.ToJsonString();
    }

    /// <summary>The bucket of the eight that an event falls into.</summary>
    public static int BucketOf(string body)
    {
        var parsed = FalcoEventParser.Parse(System.Text.Encoding.UTF8.GetBytes(body));
        return BucketMap.BucketOf(EventId.Compute(parsed.Event!), 8);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
}
