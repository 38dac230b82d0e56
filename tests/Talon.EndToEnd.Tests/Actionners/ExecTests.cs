using Talon.EndToEnd.Tests.Actionners.Every;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>kubernetes:exec</c> does on any cluster whose containers have a shell: its text is an argument of the shell.</summary>
public abstract class ExecSpec(ClusterRig rig) : ShellSpec(rig)
{
    internal static ActionnerRow Row => ActionnerRow.InContainer("kubernetes:exec") with { Parameters = "    command: \"true\"\n", RepeatSafe = false };

    /// <summary>The rules of the class.</summary>
    public sealed class RuleSet : IClusterRules
    {
        public string Rules { get; } = RulesOf("kubernetes:exec", "command");

        public string Configuration => "retry:\n  max_age: 3s\n";
    }
}

public sealed class ExecOnStandInTests(StandInRig<ExecSpec.RuleSet> rig) : ExecSpec(rig), IClassFixture<StandInRig<ExecSpec.RuleSet>>;

public sealed class ExecOnRealClusterTests(RealClusterRig<ExecSpec.RuleSet> rig) : ExecSpec(rig), IClassFixture<RealClusterRig<ExecSpec.RuleSet>>;
