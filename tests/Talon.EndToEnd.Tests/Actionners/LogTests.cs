using System.Text;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:log</c> does on any cluster whose containers run.</summary>
public abstract class LogSpec(ClusterRig rig)
{
    private const string Plain = "Plain";
    private const string Inline = "Inline";
    private const string Tail = "Tail";
    private const string Since = "Since";
    private const string Previous = "Previous";
    private const string Side = "Side";
    private const string Store = "Store";

    internal static ActionnerRow Row => new("kubernetes:log") { Verb = "get", Subresource = "log", Prints = true, Needs = [Needs.Kubelet, Needs.ShellImage] };

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Run_TwoContainers_SizeAndDigestOfEachAreToldAndNothingIsWritten()
    {
        var pod = await rig.AddPrintingPodAsync("both", ("main", "s3cret\n"), ("side", "other\n"));
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Plain, pod));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains("main 7 bytes (sha256 ", outcome["output"], StringComparison.Ordinal);
        Assert.Contains("side 6 bytes (sha256 ", outcome["output"], StringComparison.Ordinal);
        Assert.Contains("both", outcome["objects"], StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", outcome.Text, StringComparison.Ordinal);
        Assert.All(rig.RequestsOf(pod), r => Assert.Equal("GET", r.Method));
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Inline_True_TheLinesAreShown()
    {
        var pod = await rig.AddPrintingPodAsync("shown", ("main", "one\ntwo\n"));
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Inline, pod));
        Assert.Contains("log main:\none\ntwo", outcome["output"], StringComparison.Ordinal);
    }

    [ClusterTheory(Needs.Kubelet, Needs.ShellImage)]
    [InlineData(Inline, 20)]
    [InlineData(Tail, 3)]
    public async Task TailLines_MoreWerePrinted_TheLastOnesAreFetched(string rule, int lines)
    {
        string text = string.Concat(Enumerable.Range(1, 30).Select(i => $"line {i}\n"));
        var pod = await rig.AddPrintingPodAsync($"tail-{lines}", ("main", text));
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(rule, pod));
        string expected = string.Concat(Enumerable.Range(31 - lines, lines).Select(i => $"line {i}\n"));
        Assert.EndsWith($"log main:\n{expected.TrimEnd()}", outcome["output"].TrimEnd(), StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Container_Given_OnlyItsLinesAreFetched()
    {
        var pod = await rig.AddPrintingPodAsync("chosen", ("main", "mine\n"), ("side", "theirs\n"));
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Side, pod));
        Assert.Contains("log side:\ntheirs", outcome["output"], StringComparison.Ordinal);
        Assert.DoesNotContain("mine", outcome["output"], StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Run_NoLines_IsIgnoredWithTheReason()
    {
        var pod = await rig.AddPodAsync("silent");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Plain, pod));
        Assert.Equal("ignored", outcome.Status);
        Assert.Contains("are empty", outcome.Result, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Container_PodHasNoSuch_FailsAsNotFound()
    {
        var pod = await rig.AddPodAsync("no-side");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Side, pod));
        Assert.Equal(("failure", "not_found"), (outcome.Status, outcome.Result));
    }

    /// <summary>Nobody can make a real container print in the past.</summary>
    [ClusterFact(Needs.StandIn)]
    public async Task SinceSeconds_Given_OlderLinesAreLeftOut()
    {
        var pod = await rig.AddPodAsync("since");
        rig.Kubelets.SetLog(rig.Namespace, "since", "main", "old\n"u8, time: FalcoBody.Now.AddHours(-1));
        rig.Kubelets.AppendLog(rig.Namespace, "since", "main", "new\n"u8);
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Since, pod));
        Assert.EndsWith("log main:\nnew", outcome["output"].TrimEnd(), StringComparison.Ordinal);
    }

    /// <summary>The stand-in restarts no container, so what one printed before is put there.</summary>
    [ClusterFact(Needs.StandIn)]
    public async Task Previous_True_TheLinesOfTheRunBeforeAreFetched()
    {
        var pod = await rig.AddPodAsync("restarted");
        rig.Kubelets.SetLog(rig.Namespace, "restarted", "main", "before\n"u8, previous: true);
        rig.Kubelets.SetLog(rig.Namespace, "restarted", "main", "now\n"u8);
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Previous, pod));
        Assert.EndsWith("log main:\nbefore", outcome["output"].TrimEnd(), StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet)]
    public async Task Previous_NeverRestarted_FailsAndSaysSo()
    {
        var pod = await rig.AddPodAsync("never-restarted");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Previous, pod));
        Assert.Equal("failure", outcome.Status);
        Assert.Contains("previous terminated container", outcome.Error, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Output_LocalFile_TheLinesOfAllContainersAreStored()
    {
        var pod = await rig.AddPrintingPodAsync("stored", ("main", "s3cret\n"), ("side", "other\n"));
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Store, pod));
        Assert.True(outcome.Status == "success", outcome.Text);
        var stored = await rig.StoredAsync(outcome);
        Assert.Equal("success", stored.Status);
        Assert.DoesNotContain("s3cret", stored.Text + outcome.Text, StringComparison.Ordinal);
        string text = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(rig.Artifacts, "*_log")), Encoding.UTF8);
        Assert.Equal("==> main <==\ns3cret\n==> side <==\nother\n", text);
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = string.Join(
            '\n',
            Rule(Plain),
            Rule(Inline, "    inline: true\n"),
            Rule(Tail, "    inline: true\n    tail_lines: 3\n"),
            Rule(Since, "    inline: true\n    since_seconds: 60\n"),
            Rule(Previous, "    inline: true\n    previous: true\n    container: main\n"),
            Rule(Side, "    inline: true\n    container: side\n"),
            Rule(Store, "", SpecRules.Stored()));

        private static string Rule(string name, string parameters = "", string action = "") => SpecRules.Of(name, "kubernetes:log", parameters, action);
    }
}

public sealed class LogOnStandInTests(StandInRig<LogSpec.RuleSet> rig)
    : LogSpec(rig), IClassFixture<StandInRig<LogSpec.RuleSet>>;

public sealed class LogOnRealClusterTests(RealClusterRig<LogSpec.RuleSet> rig)
    : LogSpec(rig), IClassFixture<RealClusterRig<LogSpec.RuleSet>>;
