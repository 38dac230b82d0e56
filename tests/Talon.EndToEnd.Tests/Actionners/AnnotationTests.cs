using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

public sealed class AnnotationOnStandInTests(StandInRig<AnnotationSpec.RuleSet> rig)
    : AnnotationSpec(rig), IClassFixture<StandInRig<AnnotationSpec.RuleSet>>;

public sealed class AnnotationOnRealClusterTests(RealClusterRig<AnnotationSpec.RuleSet> rig)
    : AnnotationSpec(rig), IClassFixture<RealClusterRig<AnnotationSpec.RuleSet>>;
