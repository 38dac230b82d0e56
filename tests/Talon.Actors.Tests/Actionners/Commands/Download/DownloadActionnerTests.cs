using System.Security.Cryptography;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Commands.Download;

public sealed class DownloadActionnerTests
{
    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:download", "a pod", RbacScenario.Texts(("file", "/etc/passwd")), RbacScenario.StandaloneAsync),
    ];

    private readonly MemoryOutput _output = new();

    [Fact]
    public async Task Run_File_IsStreamedWholeWithItsDigest()
    {
        await using var rig = await StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes(3 << 20);
        string path = Path.Combine(rig.Server.Kubelets.HomeOf("shop", "cart-0", "app"), "-x '\"; touch PWNED; $(touch PWNED)");
        await File.WriteAllBytesAsync(path, content);

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Download(path)));

        var (artifact, kept) = Assert.Single(_output.Kept);
        Assert.Equal(content, kept);
        Assert.Equal(path, artifact.Name);
        Assert.Equal(path, succeeded.Objects["file"]);
        Assert.Contains($"{content.Length} bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData(content))}", succeeded.Artifact!.Text, StringComparison.Ordinal);
        Assert.Equal(["cat", "--", path], Assert.Single(rig.Server.Kubelets.Execs).Argv);
        Assert.True(_output.LargestWrite <= 64 * 1024, $"{_output.LargestWrite}");
    }

    [Fact]
    public async Task Run_EmptyFile_IsStored()
    {
        await using var rig = await StartAsync();
        string path = Path.Combine(rig.Server.Kubelets.HomeOf("shop", "cart-0", "app"), "empty");
        await File.WriteAllBytesAsync(path, []);

        var succeeded = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Download(path)));

        Assert.Empty(Assert.Single(_output.Kept).Content);
        Assert.True(succeeded.Artifact!.Stored);
        Assert.Contains($"0 bytes, sha256 {Convert.ToHexStringLower(SHA256.HashData([]))}", succeeded.Artifact.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_CatFailsWithoutAByte_KeepsNothing()
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print("", 1));

        Assert.Equal(FailureKind.CommandFailed, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Download("/f"))).Kind);
        Assert.Empty(_output.Kept);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task MaxSize_OneByteMore_KeepsNothing(int size, bool kept)
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print(new string('x', size)));

        var outcome = await rig.RunAsync(Download("/f", ("max_size", "100")));

        Assert.Equal(kept, outcome is ActionOutcome.Succeeded);
        Assert.Equal(kept ? 1 : 0, _output.Kept.Count);
        if (!kept)
        {
            Assert.Contains("more than 100 bytes, the max_size", Assert.IsType<ActionOutcome.Failed>(outcome).Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_NoSuchFile_FailsWithWhatCatSays()
    {
        await using var rig = await StartAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Download("/no/such/file")));

        Assert.Equal(FailureKind.CommandFailed, failed.Kind);
        Assert.Matches("^cat ended with exit code 1: .*cat: /no/such/file:", failed.Reason);
        Assert.Empty(_output.Kept);
    }

    [Fact]
    public async Task Run_NoCatInTheImage_SaysSo()
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => new ExecScript { StartFault = "exec: \"cat\": executable file not found in $PATH: unknown" });

        Assert.Contains("its image must have it", Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Download("/f"))).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("etc/passwd", "it does not begin with '/'")]
    [InlineData("", "write allow_unset_variables: true to take what is not set as empty")]
    [InlineData("/a\0b", "it holds a NUL character")]
    public async Task File_NoAbsolutePath_IsRefused(string path, string why)
    {
        await using var rig = await StartAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Download(path)));

        Assert.Equal(FailureKind.Invalid, failed.Kind);
        Assert.EndsWith(why, failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Kubelets.Execs);
    }

    [Fact]
    public async Task File_LongestPath_IsTakenAndOneMoreByteIsNot()
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print("x"));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Download("/" + new string('x', 4094))));
        Assert.Equal(FailureKind.Invalid, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Download("/" + new string('x', 4095)))).Kind);
    }

    [Fact]
    public async Task File_UnsetVariable_IsRefusedUnlessAllowed()
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print("x"));
        var parameters = PodWork.Map(("file", "/tmp/${FD_NAME}x"));

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(parameters)));
        await rig.RunAsync(Request(parameters.With("allow_unset_variables", new Rules.Catalog.ParameterValue.Flag(true))));

        Assert.Contains("\"FD_NAME\"", failed.Reason.Replace('\'', '"'), StringComparison.Ordinal);
        Assert.Equal("/tmp/x", Assert.Single(rig.Server.Kubelets.Execs).Argv[2]);
    }

    [Fact]
    public async Task Container_Given_IsReadFrom()
    {
        await using var rig = await StartAsync(new PodSeed { Containers = ["app", "side"] });
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print("x"));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(Download("/f", ("container", "side"))));

        Assert.Equal("side", Assert.Single(rig.Server.Kubelets.Execs).Container);
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.NotSent)]
    public async Task Run_HandshakeRefused_KeepsNothing(int status, FailureKind kind)
    {
        await using var rig = await StartAsync();
        rig.Server.Faults.Add(PodWork.At("exec", FaultRule.Answer(status)));

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Download("/f")));

        Assert.Equal(kind, failed.Kind);
        Assert.Equal("/f", failed.Objects["file"]);
        Assert.Empty(_output.Kept);
    }

    [Theory]
    [InlineData(ExecEnd.Cut)]
    [InlineData(ExecEnd.NoStatus)]
    public async Task Run_BrokenOff_KeepsNothing(ExecEnd end)
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print("half of it") with { EndAfter = 4, End = end });

        Assert.Equal(FailureKind.ConnectionLost, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Download("/f"))).Kind);

        Assert.Empty(_output.Kept);
    }

    [Fact]
    public async Task Run_SlowerThanTheDeadline_KeepsNothing()
    {
        await using var rig = await StartAsync();
        rig.Server.Kubelets.OnExec(_ => ExecScript.Print("half of it") with { EndAfter = 4, End = ExecEnd.Stall });
        using var stop = new CancellationTokenSource();

        var outcome = await PodWork.RunAsync(
            rig, Download("/f"), () => stop.CancelAfter(TimeSpan.FromMilliseconds(500)), ActionnerRig.Scope(token: stop.Token));

        Assert.Equal(FailureKind.Timeout, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(_output.Kept);
    }

    [Fact]
    public async Task Run_PodReplacedSinceItWasPrepared_IsIgnored()
    {
        await using var rig = await StartAsync();

        var outcome = await PodWork.RunAsync(rig, Download("/f"), () =>
        {
            rig.Server.Store.Remove("pods", "shop", "cart-0");
            rig.Server.Store.AddPod("shop", "cart-0");
        });

        Assert.IsType<ActionOutcome.Ignored>(outcome);
        Assert.Empty(rig.Server.Kubelets.Execs);
    }

    [Fact]
    public async Task Run_ProtectedNamespace_IsIgnored()
    {
        await using var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("kube-system", "cart-0");

        var request = PodWork.Request("kubernetes:download", PodWork.Map(("file", "/f")), ("k8s.ns.name", "kube-system")) with { Output = _output.Store() };

        Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(request));
        Assert.Empty(rig.Server.Requests.All);
    }

    private static async Task<ActionnerRig> StartAsync(PodSeed? seed = null)
    {
        var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0", seed);
        return rig;
    }

    private ActionRequest Download(string path, params (string Name, object Value)[] more) =>
        Request(PodWork.Map([("file", "${FD_NAME}"), .. more]), ("fd.name", path));

    private ActionRequest Request(Rules.Catalog.ParameterMap parameters, params (string Name, object? Value)[] fields) =>
        PodWork.Request("kubernetes:download", parameters, fields) with { Output = _output.Store() };
}
