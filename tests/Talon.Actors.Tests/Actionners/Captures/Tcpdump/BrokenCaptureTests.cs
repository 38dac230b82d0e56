using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Captures.Tcpdump;

/// <summary>Captures that end otherwise than they should, and captures of nothing.</summary>
public sealed class BrokenCaptureTests
{
    private readonly MemoryOutput _output = new();

    [Theory]
    [InlineData(137)]
    [InlineData(1)]
    [InlineData(139)]
    public async Task Run_BadExitCodeAfterPackets_KeepsThemAndSaysHowItEnded(int code)
    {
        await using var rig = await CaptureWork.StartAsync();
        byte[] packets = CaptureWork.Pcap(new byte[60], new byte[900]);
        rig.Server.Kubelets.OnExec(_ => new ExecScript { Stdout = new MemoryStream(packets), ExitCode = code, Stderr = "oh\nno"u8.ToArray() });

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal(packets, Assert.Single(_output.Kept).Content);
        Assert.True(succeeded.Artifact!.Stored);
        Assert.Matches($"; the capture was broken off, what had come by then was kept: tcpdump ended with exit code {code}: oh.*no$", succeeded.Output);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    [InlineData(50)]
    public async Task Run_BadExitCodeBeforeAWholePacket_FailsAndKeepsNothing(int length)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(_ => new ExecScript { Stdout = new MemoryStream(CaptureWork.Pcap(new byte[60])[..length]), ExitCode = 137 });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request()));

        Assert.Equal((FailureKind.CommandFailed, "tcpdump ended with exit code 137"), (failed.Kind, failed.Reason));
        Assert.Empty(_output.Kept);
    }

    [Theory]
    [InlineData(ExecEnd.Cut)]
    [InlineData(ExecEnd.NoStatus)]
    public async Task Run_ConnectionBreaksAfterPackets_KeepsThemAndSaysSo(ExecEnd end)
    {
        await using var rig = await CaptureWork.StartAsync();
        byte[] packets = CaptureWork.Pcap(new byte[60], new byte[900]);
        rig.Server.Kubelets.OnExec(_ => new ExecScript { Stdout = new MemoryStream(packets), EndAfter = 200, End = end });

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal(packets[..200], Assert.Single(_output.Kept).Content);
        Assert.Contains("; the capture was broken off, ", succeeded.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DeadlinePassesAfterPackets_KeepsNothing()
    {
        await using var rig = await CaptureWork.StartAsync();
        using var stop = new CancellationTokenSource();
        rig.Server.Kubelets.OnExec(_ =>
        {
            stop.CancelAfter(TimeSpan.FromMilliseconds(300));
            return new ExecScript { Stdout = new MemoryStream(CaptureWork.Pcap(new byte[60])), EndAfter = 100, End = ExecEnd.Stall };
        });

        var outcome = await rig.RunAsync(Request(), ActionnerRig.Scope(token: stop.Token));

        Assert.Equal(FailureKind.Timeout, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(124)]
    [InlineData(143)]
    public async Task Run_QuietPod_StoresTheHeaderAndSaysThatNoPacketsCame(int code)
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(_ => new ExecScript { Stdout = new MemoryStream(CaptureWork.Pcap()), ExitCode = code });

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Equal(24, Assert.Single(_output.Kept).Content.Length);
        Assert.EndsWith("; no packets came", succeeded.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NothingCaptured_IsStoredEmptyAndSaysSo()
    {
        await using var rig = await CaptureWork.StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print(""));

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Request()));

        Assert.Empty(Assert.Single(_output.Kept).Content);
        Assert.EndsWith("; tcpdump wrote nothing, not even the header of a capture", succeeded.Output, StringComparison.Ordinal);
    }

    private ActionRequest Request() => PodWork.Request("kubernetes:tcpdump", PodWork.Map()) with { Output = _output.Store() };
}
