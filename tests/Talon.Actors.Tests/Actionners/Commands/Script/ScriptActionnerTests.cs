using System.Text;
using Talon.Actors.Catalog;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.Rules.Events;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Commands.Script;

public sealed class ScriptActionnerTests : IDisposable
{
    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        new("kubernetes:script", "a pod", RbacScenario.Texts(("script", "true")), RbacScenario.StandaloneAsync),
    ];

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public async Task Run_Text_GoesOverTheInputAndLeavesNothing()
    {
        await using var rig = await StartAsync();

        var outcome = await rig.RunAsync(PodWork.Request("kubernetes:script", PodWork.Map(("script", "echo one\necho two \\\n"))));

        Assert.Equal("one\ntwo\n", Assert.Single(outcome.Captured).Text);
        var exec = Assert.Single(rig.Server.Kubelets.Execs);
        Assert.Equal(["/bin/sh", "-s"], exec.Argv);
        Assert.True(exec.IsStdinClosed);
        Assert.Contains("echo one", Encoding.UTF8.GetString(exec.StdinBytes), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(rig.Server.Kubelets.HomeOf("shop", "cart-0", "app")));
    }

    [Fact]
    public async Task File_Given_IsReadAtEachRun()
    {
        await using var rig = await StartAsync();
        await File.WriteAllTextAsync(_file, "echo first");
        var request = PodWork.Request("kubernetes:script", PodWork.Map(("file", _file)));
        Assert.Equal("first\n", Assert.Single((await rig.RunAsync(request)).Captured).Text);

        await File.WriteAllTextAsync(_file, "echo second");

        Assert.Equal("second\n", Assert.Single((await rig.RunAsync(request)).Captured).Text);
    }

    // What the file will say is not known yet: two processes are two alerts.
    [Theory]
    [InlineData("file: /scripts/kill.sh", true)]
    [InlineData("script: 'kill ${PROC_VPID}'", true)]
    [InlineData("script: ps", false)]
    public void File_Given_CountsAsNamingTheNumbersOfProcesses(string parameter, bool counts)
    {
        string rules = $"- rule: r\n  match: {{rules: [Terminal shell in container]}}\n  actions:\n    - {{action: a, actionner: 'kubernetes:script', parameters: {{{parameter}}}}}\n";
        var set = RuleLoader.Load([new RuleFile("rules.yaml", rules)], PluginCatalog.Default).Rules!;

        Assert.Equal(counts, IdOf(7) != IdOf(8));

        EventId IdOf(int pid)
        {
            var falcoEvent = TestEvents.Syscall(null, ("proc.vpid", pid), ("evt.num", pid));
            return EventId.Compute(falcoEvent, set.Match(falcoEvent).Named);
        }
    }

    [Fact]
    public async Task File_LargestSize_RunsAndOneMoreByteDoesNot()
    {
        await using var rig = await StartAsync();
        string text = "echo ran\n" + new string('#', (1 << 20) - 9);
        await File.WriteAllTextAsync(_file, text);
        var request = PodWork.Request("kubernetes:script", PodWork.Map(("file", _file)));

        Assert.Equal("ran\n", Assert.Single((await rig.RunAsync(request)).Captured).Text);
        await File.WriteAllTextAsync(_file, text + "#");

        Assert.Contains("has more than 1048576 bytes", Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(request)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\u00ff\u00fe", "it is no UTF-8 text")]
    public async Task File_Unusable_IsRefused(string bytes, string why)
    {
        await using var rig = await StartAsync();
        await File.WriteAllBytesAsync(_file, Encoding.Latin1.GetBytes(bytes));

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(PodWork.Request("kubernetes:script", PodWork.Map(("file", _file)))));

        Assert.Equal(FailureKind.Invalid, failed.Kind);
        Assert.Contains(why, failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Server.Kubelets.Execs);
    }

    [Fact]
    public async Task File_Missing_IsRefused()
    {
        await using var rig = await StartAsync();

        var failed = Assert.IsType<ActionOutcome.Failed>(
            await rig.RunAsync(PodWork.Request("kubernetes:script", PodWork.Map(("file", _file + ".none")))));

        Assert.Contains("cannot be read on the host of Talon", failed.Reason, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_file);

    private static async Task<ActionnerRig> StartAsync()
    {
        var rig = await ActionnerRig.StartAsync();
        rig.Server.Store.AddPod("shop", "cart-0");
        return rig;
    }
}
