using Talon.Chaos.Checking;

namespace Talon.Chaos.Rig;

/// <summary>The two rule sets of the suite. They differ in the label they set, and in what they do about the kind Swap.</summary>
internal static class RuleTexts
{
    /// <summary>The command of the exec actions lasts a while, so that some always run when a fault comes.</summary>
    public static string Of(string set, bool swapIsExec) => $"""
        - action: Terminate
          actionner: kubernetes:terminate

        - action: Label
          actionner: kubernetes:label
          parameters:
            labels:
              {ActionRules.Label}: {set}

        - action: Exec
          actionner: kubernetes:exec
          parameters:
            shell: /bin/sh
            command: sleep 2

        - rule: Terminate it
          match:
            rules: [Chaos Terminate]
          actions:
            - action: Terminate

        - rule: Label it
          match:
            rules: [Chaos Label]
          actions:
            - action: Label

        - rule: Label and terminate it
          match:
            rules: [Chaos LabelAndTerminate]
          actions:
            - action: Label
            - action: Terminate

        - rule: Run something in it
          match:
            rules: [Chaos Exec]
          actions:
            - action: Exec

        - rule: Depends
          match:
            rules: [Chaos Swap]
          actions:
            - action: {(swapIsExec ? "Exec" : "Label")}

        """;
}
