using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:script</c> does on any cluster whose containers have a shell: it reads the text from its input.</summary>
public abstract class ScriptSpec(ClusterRig rig) : ShellSpec(rig)
{
    private const string Lines = "Lines";
    private const string FromFile = "FromFile";
    private const string NoFile = "NoFile";

    internal static ActionnerRow Row => ActionnerRow.InContainer("kubernetes:script") with { Parameters = "    script: \"true\"\n", RepeatSafe = false };

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task Script_ManyLines_RunInOneShell()
    {
        var pod = await Rig.AddShellPodAsync("lines");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Lines, pod));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.EndsWith("stdout:\n1-2-3-", outcome["output"].TrimEnd(), StringComparison.Ordinal);
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task File_OnTheHostOfTalon_IsReadEachTime()
    {
        var pod = await Rig.AddShellPodAsync("from-file");
        foreach (string word in (string[])["first", "second"])
        {
            await File.WriteAllTextAsync(Path.Combine(Rig.Artifacts, "look.sh"), $"printf '{word} <%s>' \"${{FD_NAME}}\"\n");
            var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(FromFile, pod, ("fd.name", "$(id)")));
            Assert.True(outcome.Status == "success", outcome.Text);
            Assert.EndsWith($"stdout:\n{word} <$(id)>", outcome["output"], StringComparison.Ordinal);
        }
    }

    [ClusterFact(Needs.Kubelet, Needs.ShellImage)]
    public async Task File_IsMissing_FailsAndSaysWhere()
    {
        var pod = await Rig.AddShellPodAsync("no-file");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(NoFile, pod));
        Assert.Equal(("failure", "invalid"), (outcome.Status, outcome.Result));
        Assert.Contains("cannot be read on the host of Talon", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(ExecsOf(pod));
    }

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = string.Join(
            '\n',
            RulesOf("kubernetes:script", "script"),
            SpecRules.Of(Lines, "kubernetes:script", "    inline: true\n    script: |\n      for i in 1 2 3; do\n        printf '%s-' \"$i\"\n      done\n      echo\n"),
            SpecRules.Of(FromFile, "kubernetes:script", $"    inline: true\n    file: {ClusterRig.ArtifactsMark}/look.sh\n"),
            SpecRules.Of(NoFile, "kubernetes:script", $"    file: {ClusterRig.ArtifactsMark}/none.sh\n"));

        public string Configuration => "retry:\n  max_age: 3s\n";
    }
}

public sealed class ScriptOnStandInTests(StandInRig<ScriptSpec.RuleSet> rig)
    : ScriptSpec(rig), IClassFixture<StandInRig<ScriptSpec.RuleSet>>;

public sealed class ScriptOnRealClusterTests(RealClusterRig<ScriptSpec.RuleSet> rig)
    : ScriptSpec(rig), IClassFixture<RealClusterRig<ScriptSpec.RuleSet>>;
