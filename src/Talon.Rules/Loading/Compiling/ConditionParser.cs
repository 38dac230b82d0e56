using System.Buffers;
using System.Collections.Immutable;
using Talon.Rules.Matching;
using Talon.Rules.Text;

namespace Talon.Rules.Loading.Compiling;

/// <summary>Reads the lines of <c>match.output_fields</c> and <c>match.tags</c>. What is not understood is refused: a condition is never dropped.</summary>
internal static class ConditionParser
{
    private static readonly SearchValues<char> TagCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>
    /// Reads <c>key=value, key!=value, key in (a, b), key exists</c> and a key, a word of <see cref="FieldOperators"/> and a
    /// text. A text in double quotes may contain commas and begin or end with blanks; within them <c>\"</c> is a quote.
    /// </summary>
    public static ImmutableArray<FieldCondition> Fields(string line, MatchKeys keys, Action<string, string?> report) =>
        new FieldLineReader(line, keys, report).Read();

    /// <summary>Reads <c>tag, tag</c>.</summary>
    public static ImmutableArray<string> Tags(string line, Action<string, string?> report)
    {
        var tags = ImmutableArray.CreateBuilder<string>();
        foreach (string part in line.Split(','))
        {
            string tag = part.Replace(" ", "", StringComparison.Ordinal);
            if (tag.Length == 0)
            {
                report("a tag is empty", "remove the comma or name the tag");
                return [];
            }

            if (tag.AsSpan().ContainsAnyExcept(TagCharacters) || !char.IsAsciiLetterOrDigit(tag[^1]))
            {
                report($"{CanonicalText.Quote(tag)} is no tag", "tags are letters, digits, '_', '.' and '-', with a letter or digit at the end");
                return [];
            }

            tags.Add(tag);
        }

        return tags.ToImmutable();
    }
}
