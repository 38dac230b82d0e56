using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:download</c> does with the output <c>local:file</c> on any cluster whose containers have <c>cat</c>.</summary>
public abstract class DownloadSpec(ClusterRig rig)
{
    private const string Fetch = "Fetch";
    private const string FetchAndMark = "FetchAndMark";
    private const string Small = "Small";
    private const string Side = "Side";
    private const string Unset = "Unset";
    private const string NoFolder = "NoFolder";
    private const string Impatient = "Impatient";
    private const string Make = "Make";
    private const string MakeBeside = "MakeBeside";
    private const string MakeEmpty = "MakeEmpty";
    private const string MakePipe = "MakePipe";
    private const string Text = "s3cret evidence\n";

    internal static ActionnerRow Row => ActionnerRow.InContainer("kubernetes:download") with { Parameters = "    file: /etc/passwd\n", Action = SpecRules.Stored() };

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Run_FileOfTheEvent_IsStoredWithItsDigestForItsOwnerAlone()
    {
        var pod = await rig.AddShellPodAsync("found");
        string path = await MakeAsync(pod, "evidence; rm -rf $HOME");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Fetch, pod, ("fd.name", path)));
        Assert.True(outcome.Status == "success", outcome.Text);
        var stored = await rig.StoredAsync(outcome);
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
        Assert.Contains($"{Text.Length} bytes, sha256 {digest}", stored["output"], StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", stored.Text + outcome.Text, StringComparison.Ordinal);

        string file = Assert.Single(FilesOf("found"));
        Assert.Equal(Text, await File.ReadAllTextAsync(file));
        Assert.EndsWith("evidence__rm_-rf__HOME", file, StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        var side = JsonNode.Parse(await File.ReadAllTextAsync(file + ".json"))!;
        Assert.Equal((digest, "kubernetes:download", "found"), ((string?)side["sha256"], (string?)side["actionner"], (string?)side["objects"]!["pod"]));
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Run_EmptyFile_IsStoredAndTheNextActionRuns()
    {
        var pod = await rig.AddShellPodAsync("hollow");
        var posted = await rig.PostAsync(FetchAndMark, pod, ("fd.name", await MakeAsync(pod, "nothing", MakeEmpty)));
        var outcome = await rig.OutcomeAsync(posted, FetchAndMark);
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Equal(0, new FileInfo(Assert.Single(FilesOf("hollow"))).Length);
        await Eventually.TrueAsync(
            async () => (await rig.ReadAsync(pod))!.Metadata.Labels?.ContainsKey("fetched") == true, () => "the action after it does not run");
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Run_SameFileAgain_IsStoredBesideTheFirst()
    {
        var pod = await rig.AddShellPodAsync("again");
        string path = await MakeAsync(pod, "evidence");
        for (int i = 1; i <= 2; i++)
        {
            Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(Fetch, pod, ("fd.name", path)))).Status);
            Assert.Equal(i, FilesOf("again").Count);
        }
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Run_NoSuchFile_FailsWithWhatCatSaysAndStoresNothing()
    {
        var pod = await rig.AddShellPodAsync("missing");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Fetch, pod, ("fd.name", rig.FileIn(pod, "none"))));
        Assert.Equal(("failure", "command_failed"), (outcome.Status, outcome.Result));
        Assert.Contains("No such file", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(FilesOf("missing"));
    }

    [ClusterTheory(Needs.Kubelet, Needs.ShellImage)]
    [InlineData("relative", "evidence")]
    [InlineData("empty", "")]
    public async Task File_IsNoAbsolutePath_FailsAndRunsNothing(string name, string path)
    {
        var pod = await rig.AddShellPodAsync(name);
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Unset, pod, ("fd.name", path)));
        Assert.Equal(("failure", "invalid"), (outcome.Status, outcome.Result));
        Assert.Contains("is no absolute path of a file", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.RequestsOf(pod), r => r.Subresource == "exec");
    }

    [ClusterTheory(Needs.Kubelet, Needs.ShellImage)]
    [InlineData(Fetch, "'FD_NAME'")]
    [InlineData(Unset, "is no absolute path of a file")]
    public async Task AllowUnsetVariables_EventHasNoSuchField_DecidesWhatIsWrong(string rule, string why)
    {
        var pod = await rig.AddShellPodAsync($"unset-{rule.ToLowerInvariant()}");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(rule, pod));
        Assert.Equal(("failure", "invalid"), (outcome.Status, outcome.Result));
        Assert.Contains(why, outcome.Error, StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task MaxSize_FileIsLarger_FailsAndKeepsNothing()
    {
        var pod = await rig.AddShellPodAsync("large");
        string path = await MakeAsync(pod, "evidence");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Small, pod, ("fd.name", path)));
        Assert.Equal(("failure", "command_failed"), (outcome.Status, outcome.Result));
        Assert.Contains("more than 8 bytes, the max_size", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(FilesOf("large"));
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Container_Given_IsTheOneItReadsIn()
    {
        var pod = await rig.AddShellPodAsync("two", p => p.Spec.Containers.Add(ShellPods.Container("side")));
        string path = await MakeAsync(pod, "evidence", MakeBeside, "side");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Side, pod, ("fd.name", path)));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Equal(Text, await File.ReadAllTextAsync(Assert.Single(FilesOf("two"))));
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Destination_FolderIsMissing_FailsBeforeAnythingIsRead()
    {
        var pod = await rig.AddShellPodAsync("no-folder");
        string path = await MakeAsync(pod, "evidence");
        int execs = rig.RequestsOf(pod).Count(r => r.Subresource == "exec");
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(NoFolder, pod, ("fd.name", path)));
        Assert.Equal(("failure", "not_found"), (outcome.Status, outcome.Result));
        Assert.Contains("it does not exist", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(execs, rig.RequestsOf(pod).Count(r => r.Subresource == "exec"));
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Run_FileNeverEnds_FailsAtItsTimeoutAndKeepsNothing()
    {
        var pod = await rig.AddShellPodAsync("endless");
        string path = await MakeAsync(pod, "pipe", MakePipe);
        var outcome = await rig.OutcomeAsync(await rig.PostAsync(Impatient, pod, ("fd.name", path)));
        Assert.Equal(("failure", "timeout"), (outcome.Status, outcome.Result));
        Assert.Empty(FilesOf("endless"));
    }

    // What is stored of a pod, without the side files; there must not be anything half beside it.
    private List<string> FilesOf(string pod)
    {
        string[] all = [.. Directory.GetFiles(rig.Artifacts).Select(Path.GetFileName).OfType<string>()];
        Assert.DoesNotContain(all, file => file.StartsWith('.'));
        return [.. all.Where(file => file.Contains($"_{pod}_", StringComparison.Ordinal) && !file.EndsWith(".json", StringComparison.Ordinal)).Select(file => Path.Combine(rig.Artifacts, file))];
    }

    private async Task<string> MakeAsync(V1Pod pod, string name, string rule = Make, string container = "main")
    {
        string path = rig.FileIn(pod, name, container);
        Assert.Equal("success", (await rig.OutcomeAsync(await rig.PostAsync(rule, pod, ("fd.name", path)))).Status);
        return path;
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = string.Join(
            '\n',
            Rule(Fetch),
            Rule(FetchAndMark) + "    - {action: Mark, actionner: \"kubernetes:label\", parameters: {labels: {fetched: \"true\"}}}\n",
            Rule(Small, "    max_size: \"8\"\n"),
            Rule(Side, "    container: side\n"),
            Rule(Unset, "    allow_unset_variables: true\n"),
            Rule(NoFolder, folder: $"{ClusterRig.ArtifactsMark}/none"),
            Rule(Impatient, action: $"  timeout: {ClusterRig.ImpatienceMark}\n"),
            Command(Make, "echo 's3cret evidence' > \"${FD_NAME}\""),
            Command(MakeBeside, "echo 's3cret evidence' > \"${FD_NAME}\"", "    container: side\n"),
            Command(MakeEmpty, ": > \"${FD_NAME}\""),
            Command(MakePipe, "mkfifo \"${FD_NAME}\""));

        // One attempt and one more, not a third.
        public string Configuration => "retry:\n  max_age: 2s\n";

        private static string Rule(string name, string more = "", string action = "", string folder = ClusterRig.ArtifactsMark) => SpecRules.Of(
            name,
            "kubernetes:download",
            $"    file: ${{FD_NAME}}\n{more}",
            action + SpecRules.Stored(folder));

        private static string Command(string name, string text, string more = "") =>
            SpecRules.Of(name, "kubernetes:exec", $"    command: |\n      {text}\n{more}");
    }
}

public sealed class DownloadOnStandInTests(StandInRig<DownloadSpec.RuleSet> rig)
    : DownloadSpec(rig), IClassFixture<StandInRig<DownloadSpec.RuleSet>>;

public sealed class DownloadOnRealClusterTests(RealClusterRig<DownloadSpec.RuleSet> rig)
    : DownloadSpec(rig), IClassFixture<RealClusterRig<DownloadSpec.RuleSet>>;
