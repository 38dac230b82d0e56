using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Removal.Terminate;

/// <summary>The parameters of <c>kubernetes:terminate</c>.</summary>
/// <param name="GracePeriodSeconds">How long the pod's processes may take to end; null leaves the pod's own period.</param>
/// <param name="IgnoreStandalonePods">Whether pods without an owner are left alone.</param>
/// <param name="MinHealthyReplicas">How many healthy pods of the pod's controller must remain; null does not count them.</param>
internal sealed record TerminateParameters(
    int? GracePeriodSeconds, bool IgnoreDaemonSets, bool IgnoreStatefulSets, bool IgnoreStandalonePods, ReplicaThreshold? MinHealthyReplicas)
{
    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "grace_period_seconds",
            Type = ParameterType.Whole,
            DefaultText = "the pod's own grace period",
            Description = "How many seconds the pod's processes may take to end; 0 ends them at once.",
            Range = new WholeRange(0, int.MaxValue, "seconds") { Advice = "leave it out for the pod's own grace period" },
        },
        RemovalParameters.IgnoreDaemonSets,
        RemovalParameters.IgnoreStatefulSets,
        new ParameterSpec
        {
            Name = "ignore_standalone_pods",
            Type = ParameterType.Flag,
            DefaultText = "false",
            Description = "Leave pods alone that belong to nothing, and that nothing would bring back.",
        },
        RemovalParameters.MinHealthyReplicas(
            "For pods of ReplicaSets, StatefulSets and DaemonSets: how many healthy pods must remain after the termination, as a number or as a percentage of the wanted ones."),
    ]);

    public static (TerminateParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        var threshold = ReplicaThreshold.TryParse(map.GetText("min_healthy_replicas"), out var read) ? read : null;
        var parameters = new TerminateParameters(
            problems.IsEmpty ? (int?)map.GetWhole("grace_period_seconds") : null,
            map.GetFlag("ignore_daemonsets") ?? false,
            map.GetFlag("ignore_statefulsets") ?? false,
            map.GetFlag("ignore_standalone_pods") ?? false,
            threshold);
        return (parameters, problems);
    }
}
