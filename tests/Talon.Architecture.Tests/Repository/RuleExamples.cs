using System.Text;
using System.Text.RegularExpressions;

namespace Talon.Architecture.Tests.Repository;

/// <summary>Finds the rule files that a text shows: the text itself, a block of Markdown, a value of a ConfigMap.</summary>
internal static partial class RuleExamples
{
    /// <summary>Each run of lines that begins with an action block or a rule, as far as it is indented so, and holds a rule.</summary>
    public static IEnumerable<string> In(string text)
    {
        StringBuilder? block = null;
        int indent = 0;
        foreach (string line in text.Split('\n').Append("end"))
        {
            bool belongs = block is not null && (string.IsNullOrWhiteSpace(line) || Indent(line) > indent || (Indent(line) == indent && line[indent] is '-' or '#'));
            if (block is not null && !belongs)
            {
                if (HasRule().IsMatch(block.ToString()))
                {
                    yield return block.ToString();
                }

                block = null;
            }

            if (block is null && Begins().IsMatch(line))
            {
                indent = Indent(line);
                block = new StringBuilder();
                belongs = true;
            }

            if (belongs)
            {
                block!.Append(line.Length > indent ? line[indent..] : "").Append('\n');
            }
        }
    }

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;

    [GeneratedRegex("^ *- (action|rule): ", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Begins();

    [GeneratedRegex("^- rule: ", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex HasRule();
}
