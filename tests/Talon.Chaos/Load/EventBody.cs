using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Talon.Chaos.Records;

namespace Talon.Chaos.Load;

/// <summary>The body of an event, as Falcosidekick sends it.</summary>
internal static class EventBody
{
    public static byte[] Of(ChaosEvent e, DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        var json = new JsonObject
        {
            ["output"] = $"{utc.ToString("HH:mm:ss.fffffff'00'", CultureInfo.InvariantCulture)}: Notice {e.Output}",
            ["priority"] = "Notice",
            ["rule"] = e.FalcoRule,
            ["time"] = utc.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture),
            ["source"] = "syscall",
            ["hostname"] = "node1",
            ["tags"] = new JsonArray("chaos"),
            ["output_fields"] = new JsonObject
            {
                ["k8s.ns.name"] = Rig.StandIn.Namespace,
                ["k8s.pod.name"] = e.Pod,
                ["container.id"] = e.ContainerId,
                ["proc.cmdline"] = "bash",
            },
        };
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
