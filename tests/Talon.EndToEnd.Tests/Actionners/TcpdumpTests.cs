using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class TcpdumpOnStandInTests(StandInRig<TcpdumpSpec.RuleSet> rig) : TcpdumpSpec(rig), IClassFixture<StandInRig<TcpdumpSpec.RuleSet>>;

public sealed class TcpdumpOnRealClusterTests(RealClusterRig<TcpdumpSpec.RuleSet> rig) : TcpdumpSpec(rig), IClassFixture<RealClusterRig<TcpdumpSpec.RuleSet>>;
