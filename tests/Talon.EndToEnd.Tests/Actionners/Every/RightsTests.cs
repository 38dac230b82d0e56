using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

public sealed class RightsOnStandInTests(StandInRig<RightsSpec.RuleSet> rig) : RightsSpec(rig), IClassFixture<StandInRig<RightsSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class RightsOnRealClusterTests(RealClusterRig<RightsSpec.RuleSet> rig) : RightsSpec(rig), IClassFixture<RealClusterRig<RightsSpec.RuleSet>>;
