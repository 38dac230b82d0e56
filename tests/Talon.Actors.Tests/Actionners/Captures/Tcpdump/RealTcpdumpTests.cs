using Talon.Actors.Actionners.Captures.Tcpdump;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Captures.Tcpdump;

public sealed class RealTcpdumpTests
{
    private readonly MemoryOutput _output = new();

    /// <summary>Debian's tcpdump gives up being root by itself, and what is another user's timeout could not end.</summary>
    [RealTcpdumpFact]
    public async Task Run_RealTcpdump_EndsByItselfWithPackets()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        rig.Server.Kubelets.AddProgram("timeout", RealTcpdump.Timeout);

        var outcome = await rig.RunAsync(PodWork.Request("kubernetes:tcpdump", PodWork.Map(("duration", 3))) with { Output = _output.Store() });

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(outcome);
        Assert.EndsWith("which stays in the pod's specification", succeeded.Output, StringComparison.Ordinal);
        var probe = new PacketProbe();
        probe.Take(Assert.Single(_output.Kept).Content);
        Assert.True(probe.HasPackets);
        Assert.Equal(124, await Assert.Single(rig.Server.Kubelets.Execs).Ended);
        Assert.Equal(
            """{"add":["NET_RAW","SETGID","SETUID"],"drop":["ALL"]}""",
            Assert.Single(CaptureWork.Ephemeral(rig))["securityContext"]!["capabilities"]!.ToJsonString());
    }
}
