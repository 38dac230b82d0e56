using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

public sealed class RefusalOnStandInTests(StandInRig<RefusalSpec.RuleSet> rig) : RefusalSpec(rig), IClassFixture<StandInRig<RefusalSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class RefusalOnRealClusterTests(RealClusterRig<RefusalSpec.RuleSet> rig) : RefusalSpec(rig), IClassFixture<RealClusterRig<RefusalSpec.RuleSet>>;
