namespace Talon.EndToEnd.Tests.Support;

/// <summary>Rule files of the tests. Each has one rule for <see cref="FalcoBody.Shell"/>.</summary>
internal static class RuleFiles
{
    public const string Terminate = """
        - action: Terminate Pod
          actionner: kubernetes:terminate

        - rule: Shell
          match:
            rules:
              - Terminal shell in container
          actions:
            - action: Terminate Pod
        """;

    public const string LabelAndTerminate = """
        - action: Mark Pod
          actionner: kubernetes:label
          parameters:
            labels:
              suspicious: "true"

        - action: Terminate Pod
          actionner: kubernetes:terminate

        - rule: Shell
          match:
            rules:
              - Terminal shell in container
          actions:
            - action: Mark Pod
            - action: Terminate Pod
        """;

    /// <param name="more">Further lines of the action, indented by two.</param>
    public static string Exec(string more = "") => $"""
        - action: Look Around
          actionner: kubernetes:exec
        {more}
          parameters:
            command: id

        - rule: Shell
          match:
            rules:
              - Terminal shell in container
          actions:
            - action: Look Around
        """;

    public static string Label(string value) => $"""
        - action: Mark Pod
          actionner: kubernetes:label
          parameters:
            labels:
              rule-set: {value}

        - rule: Shell
          match:
            rules:
              - Terminal shell in container
          actions:
            - action: Mark Pod
        """;
}
