using System.Text.Json;
using Talon.Rules.Events;

namespace Talon.Actors.Tests;

/// <summary>Makes events the way they come in: as JSON through the parser.</summary>
internal static class TestEvents
{
    public static FalcoEvent Syscall(DateTimeOffset? time, params (string Name, object? Value)[] fields) => Create("syscall", time, "node-1", fields);

    public static FalcoEvent Audit(DateTimeOffset? time, params (string Name, object? Value)[] fields) => Create("k8s_audit", time, "node-1", fields);

    public static FalcoEvent ForPod(string namespaceName, string pod, DateTimeOffset? time = null) =>
        Syscall(time, ("k8s.ns.name", namespaceName), ("k8s.pod.name", pod));

    public static FalcoEvent Create(string source, DateTimeOffset? time, string hostname, params (string Name, object? Value)[] fields)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["output"] = "A shell was spawned",
            ["priority"] = "Notice",
            ["rule"] = "Terminal shell in container",
            ["hostname"] = hostname,
            ["source"] = source,
            ["output_fields"] = fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal),
        };
        if (time is { } at)
        {
            body["time"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'");
        }

        var parsed = FalcoEventParser.Parse(JsonSerializer.SerializeToUtf8Bytes(body));
        return parsed.Event ?? throw new InvalidOperationException(parsed.Error);
    }
}
