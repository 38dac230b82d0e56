using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class CiliumNetworkPolicyOnStandInTests(StandInRig<CiliumNetworkPolicySpec.RuleSet> rig)
    : CiliumNetworkPolicySpec(rig), IClassFixture<StandInRig<CiliumNetworkPolicySpec.RuleSet>>;

public sealed class CiliumNetworkPolicyOnRealClusterTests(RealClusterRig<CiliumNetworkPolicySpec.RuleSet> rig)
    : CiliumNetworkPolicySpec(rig), IClassFixture<RealClusterRig<CiliumNetworkPolicySpec.RuleSet>>;
