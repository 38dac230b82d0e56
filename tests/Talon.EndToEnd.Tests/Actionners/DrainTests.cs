using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class DrainOnStandInTests(StandInRig<DrainSpec.RuleSet> rig)
    : DrainSpec(rig), IClassFixture<StandInRig<DrainSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class DrainOnRealClusterTests(RealClusterRig<DrainSpec.RuleSet> rig)
    : DrainSpec(rig), IClassFixture<RealClusterRig<DrainSpec.RuleSet>>;
