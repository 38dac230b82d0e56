using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class ExecOnStandInTests(StandInRig<ExecSpec.RuleSet> rig) : ExecSpec(rig), IClassFixture<StandInRig<ExecSpec.RuleSet>>;

public sealed class ExecOnRealClusterTests(RealClusterRig<ExecSpec.RuleSet> rig) : ExecSpec(rig), IClassFixture<RealClusterRig<ExecSpec.RuleSet>>;
