using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners.Every;

public sealed class TroubleOnStandInTests(StandInRig<TroubleSpec.RuleSet> rig) : TroubleSpec(rig), IClassFixture<StandInRig<TroubleSpec.RuleSet>>;

[Collection(WholeNodes.Name)]
public sealed class TroubleOnRealClusterTests(RealClusterRig<TroubleSpec.RuleSet> rig) : TroubleSpec(rig), IClassFixture<RealClusterRig<TroubleSpec.RuleSet>>;
