using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Targets;

/// <summary>The parameters, and checks of them, that say where an action of any family works.</summary>
internal static class TargetParameters
{
    /// <summary>Which container an action works in, where that is one of the pod.</summary>
    public static ParameterSpec Container { get; } = ContainerOr(
        "the container of the event, else the one named by the annotation kubectl.kubernetes.io/default-container, else the first",
        "The name of the container of the pod to work in.");

    /// <summary>A choice of a container.</summary>
    /// <param name="defaultText">What holds when it is not given.</param>
    /// <param name="description">What it means.</param>
    public static ParameterSpec ContainerOr(string defaultText, string description) => new()
    {
        Name = "container",
        Type = ParameterType.Text,
        DefaultText = defaultText,
        Description = description,
        Check = ParameterChecks.Text(text => Dns1123.IsLabel(text)
            ? null
            : $"must be the name of a container: {Dns1123.LabelForm}"),
    };

    /// <summary>Null when it is the name of a namespace, else what is wrong.</summary>
    /// <param name="text">The text.</param>
    public static string? CheckNamespace(string text) => Dns1123.IsLabel(text)
        ? null
        : $"'{text}' is not the name of a namespace: {Dns1123.LabelForm}";
}
