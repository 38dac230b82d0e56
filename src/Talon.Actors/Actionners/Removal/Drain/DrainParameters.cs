using System.Collections.Immutable;
using Talon.Actors.Actionners.Targets;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Removal.Drain;

/// <summary>The parameters of <c>kubernetes:drain</c>.</summary>
/// <param name="Cordon">Whether the node is marked as unschedulable first.</param>
/// <param name="MinHealthyReplicas">How many healthy pods of a ReplicaSet must remain; null does not count them.</param>
/// <param name="IgnoreErrors">Whether the action succeeds although pods could not be evicted.</param>
/// <param name="MaxWaitPeriod">How long all pods together may take to be gone; null does not wait.</param>
/// <param name="WaitPeriodExcludedNamespaces">The namespaces whose pods are evicted but not waited for.</param>
internal sealed record DrainParameters(
    bool Cordon,
    bool IgnoreDaemonSets,
    bool IgnoreStatefulSets,
    ReplicaThreshold? MinHealthyReplicas,
    bool IgnoreErrors,
    TimeSpan? MaxWaitPeriod,
    ImmutableArray<NamespaceName> WaitPeriodExcludedNamespaces)
{
    private const int MostSecondsToWait = 3600;

    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "cordon",
            Type = ParameterType.Flag,
            DefaultText = "true",
            Description = "Mark the node as unschedulable first, so that the pods do not come back to it.",
        },
        new ParameterSpec
        {
            Name = RemovalParameters.IgnoreDaemonSets.Name,
            Type = ParameterType.Flag,
            DefaultText = "true",
            Description = "Leave pods of DaemonSets alone: evicted, they would come back to the node at once, cordoned or not.",
        },
        RemovalParameters.IgnoreStatefulSets,
        RemovalParameters.MinHealthyReplicas(
            "For pods of ReplicaSets, StatefulSets and DaemonSets: how many healthy pods must remain after each eviction, as a number or as a percentage of the wanted ones."),
        new ParameterSpec
        {
            Name = "ignore_errors",
            Type = ParameterType.Flag,
            DefaultText = "false",
            Description = "Count the action as a success even if pods could not be evicted.",
        },
        new ParameterSpec
        {
            Name = "max_wait_period",
            Type = ParameterType.Whole,
            DefaultText = "0",
            Description = "How many seconds to wait until the evicted pods are gone, and to try again evictions that a disruption budget or min_healthy_replicas refuses; 0 tries each once and does not wait.",
            Range = new WholeRange(0, MostSecondsToWait, "seconds"),
        },
        new ParameterSpec
        {
            Name = "wait_period_excluded_namespaces",
            Type = ParameterType.TextList,
            DefaultText = "none",
            Description = "The namespaces whose pods are evicted but not waited for.",
            Check = ParameterChecks.Each(TargetParameters.CheckNamespace),
        },
    ]);

    public static (DrainParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        var excluded = map.GetTexts("wait_period_excluded_namespaces")
            .Select(text => NamespaceName.TryCreate(text, out var name) ? name : null)
            .OfType<NamespaceName>();
        var parameters = new DrainParameters(
            map.GetFlag("cordon") ?? true,
            map.GetFlag("ignore_daemonsets") ?? true,
            map.GetFlag("ignore_statefulsets") ?? false,
            ReplicaThreshold.TryParse(map.GetText("min_healthy_replicas"), out var threshold) ? threshold : null,
            map.GetFlag("ignore_errors") ?? false,
            map.GetWhole("max_wait_period") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null,
            [.. excluded]);
        return (parameters, problems);
    }
}
