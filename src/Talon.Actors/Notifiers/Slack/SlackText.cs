using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Talon.Actors.Notifiers.Slack;

/// <summary>
/// Texts of others in the markup of Slack, where <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> are control characters, mentions call people, and a backtick
/// ends what is shown as it is. https://docs.slack.dev/messaging/formatting-message-text
/// </summary>
internal static class SlackText
{
    private const char ZeroWidthSpace = '\u200B';

    // It looks like a backtick and is none.
    private const char Accent = '\u02CB';

    private static readonly Regex Mention = new(
        "@(?<word>here|channel|everyone)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>A text on one line, shown as it is.</summary>
    /// <param name="longest">How many UTF-16 units the escaped text may have; what is cut off is said behind it.</param>
    public static string Inline(string text, int longest) => $"`{Escaped(text.Replace('\n', ' '), longest)}`";

    /// <summary>A text of several lines, shown as it is.</summary>
    /// <param name="longest">How many UTF-16 units the escaped text may have; what is cut off is said behind it.</param>
    public static string Block(string text, int longest) => $"```{Escaped(text, longest)}```";

    /// <summary>The text without any effect.</summary>
    public static string Escaped(string text, int longest)
    {
        string harmless = Mention.Replace(text.Replace("\r\n", "\n", StringComparison.Ordinal), $"@{ZeroWidthSpace}${{word}}");
        string cut = string.Create(CultureInfo.InvariantCulture, $"… [cut: {text.Length} characters in all]");
        var escaped = new StringBuilder();
        int end = 0;
        foreach (var rune in harmless.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&':
                    escaped.Append("&amp;");
                    break;
                case '<':
                    escaped.Append("&lt;");
                    break;
                case '>':
                    escaped.Append("&gt;");
                    break;
                case '`':
                    escaped.Append(Accent);
                    break;
                default:
                    escaped.Append(rune.ToString());
                    break;
            }

            if (escaped.Length > longest)
            {
                return $"{escaped.ToString(0, end)}{cut}";
            }

            end = escaped.Length <= longest - cut.Length ? escaped.Length : end;
        }

        return escaped.ToString();
    }
}
