using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class SysdigOnStandInTests(StandInRig<SysdigSpec.RuleSet> rig) : SysdigSpec(rig), IClassFixture<StandInRig<SysdigSpec.RuleSet>>;

public sealed class SysdigOnRealClusterTests(RealClusterRig<SysdigSpec.RuleSet> rig) : SysdigSpec(rig), IClassFixture<RealClusterRig<SysdigSpec.RuleSet>>;
