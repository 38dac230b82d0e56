namespace Talon.EndToEnd.Tests.Support;

/// <summary>Writes the rule files of specification classes.</summary>
internal static class SpecRules
{
    /// <summary>A rule for one Falco rule, with one action; both carry its name.</summary>
    /// <param name="name">Name of the Falco rule.</param>
    /// <param name="actionner">E.g. <c>kubernetes:terminate</c>.</param>
    /// <param name="parameters">Lines of its parameters, indented by four.</param>
    /// <param name="action">Further lines of the action, indented by two.</param>
    public static string Of(string name, string actionner, string parameters = "", string action = "") => $"""
        - action: {name}
          actionner: {actionner}
        {action}{(parameters.Length == 0 ? "" : $"  parameters:\n{parameters}")}
        - rule: {name}
          match:
            rules:
              - {name}
          actions:
            - action: {name}

        """;

    /// <summary>Lines of an action, indented by two, that let it store in a folder of the rig.</summary>
    public static string Stored(string folder = ClusterRig.ArtifactsMark) =>
        $"  output:\n    target: local:file\n    parameters:\n      destination: {folder}\n";
}
