using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class KubernetesNetworkPolicyOnStandInTests(StandInRig<KubernetesNetworkPolicySpec.RuleSet> rig)
    : KubernetesNetworkPolicySpec(rig), IClassFixture<StandInRig<KubernetesNetworkPolicySpec.RuleSet>>;

public sealed class KubernetesNetworkPolicyOnRealClusterTests(RealClusterRig<KubernetesNetworkPolicySpec.RuleSet> rig)
    : KubernetesNetworkPolicySpec(rig), IClassFixture<RealClusterRig<KubernetesNetworkPolicySpec.RuleSet>>;
