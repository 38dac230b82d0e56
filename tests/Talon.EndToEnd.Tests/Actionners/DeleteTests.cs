using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class DeleteOnStandInTests(StandInRig<DeleteSpec.RuleSet> rig)
    : DeleteSpec(rig), IClassFixture<StandInRig<DeleteSpec.RuleSet>>;

public sealed class DeleteOnRealClusterTests(RealClusterRig<DeleteSpec.RuleSet> rig)
    : DeleteSpec(rig), IClassFixture<RealClusterRig<DeleteSpec.RuleSet>>;
