using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

public sealed class NoRightsOnStandInTests(StandInRig<NoRightsSpec.RuleSet> rig) : NoRightsSpec(rig), IClassFixture<StandInRig<NoRightsSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class NoRightsOnRealClusterTests(RealClusterRig<NoRightsSpec.RuleSet> rig) : NoRightsSpec(rig), IClassFixture<RealClusterRig<NoRightsSpec.RuleSet>>;
