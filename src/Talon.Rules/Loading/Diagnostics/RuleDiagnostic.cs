using System.Text;
using Talon.Rules.Text;

namespace Talon.Rules.Loading.Diagnostics;

/// <summary>Something wrong, or odd, in a rule file.</summary>
public sealed record RuleDiagnostic
{
    /// <summary>How bad it is.</summary>
    public required DiagnosticSeverity Severity { get; init; }

    /// <summary>The path of the file.</summary>
    public required string File { get; init; }

    /// <summary>The line, from 1; 0 when it concerns the file as a whole.</summary>
    public required int Line { get; init; }

    /// <summary>The column, from 1; 0 when it concerns the file as a whole.</summary>
    public required int Column { get; init; }

    /// <summary>The name of the rule it is in; null when in none.</summary>
    public string? Rule { get; init; }

    /// <summary>The name of the action it is in; null when in none.</summary>
    public string? Action { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>How to correct it; null when the message says so.</summary>
    public string? Hint { get; init; }

    /// <summary>The form people read: <c>FILE:LINE:COLUMN: rule 'R' action 'A': what is wrong; how to correct it</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(File);
        if (Line > 0)
        {
            text.Append(':').Append(Line).Append(':').Append(Column);
        }

        text.Append(": ");
        if (Severity == DiagnosticSeverity.Warning)
        {
            text.Append("warning: ");
        }

        if (Rule is not null)
        {
            text.Append("rule '").Append(Rule).Append('\'').Append(Action is null ? ": " : " ");
        }

        if (Action is not null)
        {
            text.Append("action '").Append(Action).Append("': ");
        }

        text.Append(Message);
        if (Hint is not null)
        {
            text.Append("; ").Append(Hint);
        }

        // Names come from the file and may hold anything; a finding is one line.
        return OneLine.Whole(text.ToString());
    }
}
