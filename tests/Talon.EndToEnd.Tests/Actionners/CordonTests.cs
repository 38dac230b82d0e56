using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class CordonOnStandInTests(StandInRig<CordonSpec.RuleSet> rig)
    : CordonSpec(rig), IClassFixture<StandInRig<CordonSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class CordonOnRealClusterTests(RealClusterRig<CordonSpec.RuleSet> rig)
    : CordonSpec(rig), IClassFixture<RealClusterRig<CordonSpec.RuleSet>>;
