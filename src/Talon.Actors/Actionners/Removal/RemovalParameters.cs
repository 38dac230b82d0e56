using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Removal;

/// <summary>The parameters that terminate and drain share.</summary>
internal static class RemovalParameters
{
    public static ParameterSpec IgnoreDaemonSets { get; } = new()
    {
        Name = "ignore_daemonsets",
        Type = ParameterType.Flag,
        DefaultText = "false",
        Description = "Leave pods of DaemonSets alone.",
    };

    public static ParameterSpec IgnoreStatefulSets { get; } = new()
    {
        Name = "ignore_statefulsets",
        Type = ParameterType.Flag,
        DefaultText = "false",
        Description = "Leave pods of StatefulSets alone.",
    };

    public static ParameterSpec MinHealthyReplicas(string description) => new()
    {
        Name = "min_healthy_replicas",
        Type = ParameterType.Text,
        DefaultText = "not checked",
        Description = description,
        Check = value => value is ParameterValue.Text text && ReplicaThreshold.TryParse(text.Value, out _)
            ? null
            : $"must be a number from 0 to {int.MaxValue} in quotes such as \"2\", or a percentage from 0% to 100% such as 33%",
    };
}
