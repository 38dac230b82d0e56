using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Talon.Benchmarks.Load;

/// <summary>Requests with a "Terminal shell in container" event as Falcosidekick sends it, about a pod of our choice.</summary>
internal static class ShellEvents
{
    public const string FalcoRule = "Terminal shell in container";
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A source of such events, each with an output of its own.</summary>
    /// <param name="server">Where they go.</param>
    /// <param name="pod">The pod; it may hold <see cref="UniqueRequests.Slot"/>.</param>
    /// <param name="serial">The numbers of the events.</param>
    /// <param name="now">When they happened.</param>
    public static RequestSource About(IPEndPoint server, string pod, Serial serial, DateTimeOffset now) =>
        new UniqueRequests(HttpConnection.Request(server, JsonSerializer.SerializeToUtf8Bytes(Body(pod, now), Plain)), serial);

    private static JsonObject Body(string pod, DateTimeOffset now)
    {
        string clock = now.ToString("HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
        return new JsonObject
        {
            ["uuid"] = "5f0f6a4e-0f0c-4f55-9d7a-7d2f3d1b6c11",
            ["output"] = $"{clock}00: Notice A shell was spawned in a container with an attached terminal | evt_type=execve user=root user_uid=0 "
                + $"user_loginuid=-1 process=bash proc_exepath=/usr/bin/bash parent=containerd-shim command=bash terminal=34816 (n={UniqueRequests.Slot})",
            ["priority"] = "Notice",
            ["rule"] = FalcoRule,
            ["time"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture),
            ["source"] = "syscall",
            ["tags"] = new JsonArray("T1059", "container", "maturity_stable", "mitre_execution", "shell"),
            ["hostname"] = "node1",
            ["output_fields"] = new JsonObject
            {
                ["evt.type"] = "execve",
                ["user.name"] = "root",
                ["user.uid"] = 0,
                ["user.loginuid"] = -1,
                ["proc.name"] = "bash",
                ["proc.exepath"] = "/usr/bin/bash",
                ["proc.pname"] = "containerd-shim",
                ["proc.cmdline"] = "bash",
                ["proc.tty"] = 34816,
                ["k8s.ns.name"] = Pods.Namespace,
                ["k8s.pod.name"] = pod,
            },
        };
    }
}
