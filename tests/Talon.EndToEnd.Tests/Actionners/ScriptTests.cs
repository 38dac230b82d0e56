using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class ScriptOnStandInTests(StandInRig<ScriptSpec.RuleSet> rig)
    : ScriptSpec(rig), IClassFixture<StandInRig<ScriptSpec.RuleSet>>;

public sealed class ScriptOnRealClusterTests(RealClusterRig<ScriptSpec.RuleSet> rig)
    : ScriptSpec(rig), IClassFixture<RealClusterRig<ScriptSpec.RuleSet>>;
