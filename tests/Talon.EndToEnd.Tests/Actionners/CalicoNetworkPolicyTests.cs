using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class CalicoNetworkPolicyOnStandInTests(StandInRig<CalicoNetworkPolicySpec.RuleSet> rig)
    : CalicoNetworkPolicySpec(rig), IClassFixture<StandInRig<CalicoNetworkPolicySpec.RuleSet>>;

public sealed class CalicoNetworkPolicyOnRealClusterTests(RealClusterRig<CalicoNetworkPolicySpec.RuleSet> rig)
    : CalicoNetworkPolicySpec(rig), IClassFixture<RealClusterRig<CalicoNetworkPolicySpec.RuleSet>>;
