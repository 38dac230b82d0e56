using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Talon.Actors.Clients.Calls;
using Talon.KubeApi;

namespace Talon.Actors.Tests.Actionners.Captures;

/// <summary>What the tests of the captures share: programs that stand in for those of the images, and views of what was made.</summary>
internal static class CaptureWork
{
    /// <summary>What the stand-ins capture.</summary>
    public const string Capture = "captured bytes";

    // Ends at once: how long a capture lasts is the business of timeout.
    private const string Tcpdump = $"#!/bin/sh\nprintf '{Capture}'\necho 'listening on any' >&2\n";

    // As the real one: it writes to the file that -w names.
    private const string Sysdig = $"""
        #!/bin/sh
        while [ $# -gt 0 ]; do
          if [ "$1" = -w ]; then printf '{Capture}' > "$2"; fi
          shift
        done
        echo 'some words'
        """;

    public static void AddPrograms(ActionnerRig rig)
    {
        rig.Server.Kubelets.AddProgram("tcpdump", Tcpdump);
        rig.Server.Kubelets.AddProgram("sysdig", Sysdig);
    }

    public static async Task<ActionnerRig> StartAsync(PodSeed? seed = null, TimeProvider? clock = null, double scale = 1)
    {
        var rig = await ActionnerRig.StartAsync(new KubeApiOptions { GraceTimeScale = scale }, clock: clock);
        AddPrograms(rig);
        rig.Server.Store.AddNamespace("talon");
        rig.Server.Store.AddPod("shop", "cart-0", seed);
        return rig;
    }

    /// <summary>The ephemeral containers of the pod shop/cart-0.</summary>
    public static IReadOnlyList<JsonNode> Ephemeral(ActionnerRig rig) =>
        [.. (rig.Server.Store.FindPod("shop", "cart-0")!.ToJson()["spec"]!["ephemeralContainers"] as JsonArray ?? []).Select(container => container!)];

    /// <summary>The bodies of the Jobs that were asked for.</summary>
    public static IReadOnlyList<JsonNode> Created(ActionnerRig rig) =>
        [.. rig.Server.Requests.All.Where(request => request is { Verb: "create", Resource: "jobs" }).Select(request => JsonNode.Parse(request.Body)!)];

    /// <summary>A file of packets as tcpdump writes it.</summary>
    public static byte[] Pcap(params byte[][] packets)
    {
        byte[] header = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        return [.. header, .. packets.SelectMany(packet => (byte[])[.. Record(packet.Length), .. packet])];

        static byte[] Record(int length)
        {
            byte[] record = new byte[16];
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), length);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), length);
            return record;
        }
    }

    /// <summary>A scope that is ended when a command runs.</summary>
    public static CallScope EndedBy(ActionnerRig rig, CancellationTokenSource stop, string program)
    {
        rig.Server.Kubelets.OnExec(call =>
        {
            if (!call.Argv.Contains(program, StringComparer.Ordinal))
            {
                return null;
            }

            stop.CancelAfter(TimeSpan.FromMilliseconds(200));
            return ExecScript.Print("half") with { EndAfter = 2, End = ExecEnd.Stall };
        });
        return ActionnerRig.Scope(token: stop.Token);
    }
}
