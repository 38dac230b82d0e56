using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class LogOnStandInTests(StandInRig<LogSpec.RuleSet> rig)
    : LogSpec(rig), IClassFixture<StandInRig<LogSpec.RuleSet>>;

public sealed class LogOnRealClusterTests(RealClusterRig<LogSpec.RuleSet> rig)
    : LogSpec(rig), IClassFixture<RealClusterRig<LogSpec.RuleSet>>;
