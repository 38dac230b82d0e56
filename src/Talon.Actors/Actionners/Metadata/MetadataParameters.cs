using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Metadata;

/// <summary>The parameters that label and annotation share.</summary>
internal static class MetadataParameters
{
    /// <summary>Whether the pod or its node is meant.</summary>
    public static ParameterSpec Level(string what) => new()
    {
        Name = "level",
        Type = ParameterType.Text,
        DefaultText = "pod",
        Description = $"Which object gets the {what}: pod, or node for the node the pod runs on.",
        Check = SettingChecks.OneOf("pod", "node"),
    };
}
