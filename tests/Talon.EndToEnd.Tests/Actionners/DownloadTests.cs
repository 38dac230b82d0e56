using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class DownloadOnStandInTests(StandInRig<DownloadSpec.RuleSet> rig)
    : DownloadSpec(rig), IClassFixture<StandInRig<DownloadSpec.RuleSet>>;

public sealed class DownloadOnRealClusterTests(RealClusterRig<DownloadSpec.RuleSet> rig)
    : DownloadSpec(rig), IClassFixture<RealClusterRig<DownloadSpec.RuleSet>>;
