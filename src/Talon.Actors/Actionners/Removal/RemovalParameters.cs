using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Removal;

/// <summary>The parameters that terminate and drain have under the same name and with the same meaning.</summary>
internal static class RemovalParameters
{
    /// <summary>Whether pods of DaemonSets are spared.</summary>
    public static ParameterSpec IgnoreDaemonSets { get; } = new()
    {
        Name = "ignore_daemonsets",
        Type = ParameterType.Flag,
        DefaultText = "false",
        Description = "Leave pods of DaemonSets alone.",
    };

    /// <summary>Whether pods of StatefulSets are spared.</summary>
    public static ParameterSpec IgnoreStatefulSets { get; } = new()
    {
        Name = "ignore_statefulsets",
        Type = ParameterType.Flag,
        DefaultText = "false",
        Description = "Leave pods of StatefulSets alone.",
    };

    /// <summary>How many pods of a ReplicaSet stay.</summary>
    /// <param name="description">What it means.</param>
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
