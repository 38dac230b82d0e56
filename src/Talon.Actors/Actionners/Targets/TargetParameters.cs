using Talon.Actors.Plugins;
using Talon.Rules.Catalog;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Targets;

/// <summary>The parameters, and their checks, that say where an action works, for actionners of any family.</summary>
internal static class TargetParameters
{
    /// <summary>Which container an action works in, where that is one of the pod.</summary>
    public static ParameterSpec Container { get; } = ContainerOr(
        "the container of the event, else the one named by the annotation kubectl.kubernetes.io/default-container, else the first",
        "The name of the container of the pod to work in.");

    /// <summary>The same with another default, as the description of the parameter tells it.</summary>
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

    /// <summary>Null when the text is the name of a namespace, else what is wrong.</summary>
    public static string? CheckNamespace(string text) => Dns1123.IsLabel(text)
        ? null
        : $"'{text}' is not the name of a namespace: {Dns1123.LabelForm}";
}
