using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class LabelOnStandInTests(StandInRig<LabelSpec.RuleSet> rig) : LabelSpec(rig), IClassFixture<StandInRig<LabelSpec.RuleSet>>;

public sealed class LabelOnRealClusterTests(RealClusterRig<LabelSpec.RuleSet> rig) : LabelSpec(rig), IClassFixture<RealClusterRig<LabelSpec.RuleSet>>;
