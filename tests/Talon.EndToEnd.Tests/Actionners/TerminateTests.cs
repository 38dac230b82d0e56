using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class TerminateOnStandInTests(StandInRig<TerminateSpec.RuleSet> rig)
    : TerminateSpec(rig), IClassFixture<StandInRig<TerminateSpec.RuleSet>>;

public sealed class TerminateOnRealClusterTests(RealClusterRig<TerminateSpec.RuleSet> rig)
    : TerminateSpec(rig), IClassFixture<RealClusterRig<TerminateSpec.RuleSet>>;
