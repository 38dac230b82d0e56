using System.Collections.Immutable;
using System.Text;
using Talon.Rules.Text;

namespace Talon.Rules.Variables;

/// <summary>
/// A text with variables, <c>${NAME}</c> or <c>$NAME</c>, in the grammar of Go's <c>os.Expand</c>: between braces stands any
/// name; without them the longest run of ASCII letters, digits and underscores, or one of <c>* # $ @ ! ? -</c> or a digit alone;
/// any other <c>$</c> is itself, and nothing escapes it. The value of a variable is not expanded again. Immutable.
/// </summary>
public sealed class TextTemplate
{
    /// <summary>The longest expanded text, in characters: four times the largest body of an event.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    private const string OneCharacterNames = "*#$@!?-0123456789";

    private TextTemplate(ImmutableArray<TemplatePart> parts, string? problem)
    {
        Parts = parts;
        Problem = problem;
    }

    /// <summary>The parts in order.</summary>
    public ImmutableArray<TemplatePart> Parts { get; }

    /// <summary>What in the text is certainly a slip, and how to correct it; null when nothing is. Such a text can be expanded, as the original does it.</summary>
    public string? Problem { get; }

    /// <summary>Reads a text. Never fails: <c>${}</c>, and <c>${</c> that nothing closes, stand for nothing.</summary>
    public static TextTemplate Parse(string text)
    {
        var parts = ImmutableArray.CreateBuilder<TemplatePart>();
        var literal = new StringBuilder();
        string? problem = null;
        int at = 0;
        while (at < text.Length)
        {
            int sign = text.IndexOf('$', at);
            if (sign < 0 || sign == text.Length - 1)
            {
                break;
            }

            literal.Append(text, at, sign - at);
            var (name, length) = NameAfter(text.AsSpan(sign + 1));
            at = sign + 1 + length;
            if (length == 0)
            {
                literal.Append('$');
            }
            else if (name.Length > 0)
            {
                EndLiteral();
                parts.Add(new TemplatePart.Reference(name, text[sign..at]));
            }
            else
            {
                problem ??= length == 1
                    ? $"the '${{' at character {sign + 1} is not closed; write ${{NAME}}"
                    : $"the '${{}}' at character {sign + 1} names no variable; write ${{NAME}}";
            }
        }

        literal.Append(text, at, text.Length - at);
        EndLiteral();
        return new TextTemplate(parts.ToImmutable(), problem);

        void EndLiteral()
        {
            if (literal.Length > 0)
            {
                parts.Add(new TemplatePart.Literal(literal.ToString()));
                literal.Clear();
            }
        }
    }

    /// <summary>Fills in the variables.</summary>
    /// <param name="allowUnset">Whether a variable that is not set stands for nothing; otherwise it is refused: an action must not run on half of its text.</param>
    public Expansion Expand(VariableSet variables, bool allowUnset = false)
    {
        var pieces = ImmutableArray.CreateBuilder<ExpandedPiece>(Parts.Length);
        var unset = new List<string>();
        long length = 0;
        foreach (var part in Parts)
        {
            switch (part)
            {
                case TemplatePart.Literal literal:
                    pieces.Add(new ExpandedPiece(literal.Text, VariableOrigin.Rule, null));
                    length += literal.Text.Length;
                    break;
                case TemplatePart.Reference reference when variables.TryGet(reference.Name, out var variable):
                    pieces.Add(new ExpandedPiece(variable.Value, variable.Origin, variable.Name));
                    length += variable.Value.Length;
                    break;
                case TemplatePart.Reference reference:
                    unset.Add(reference.Name);
                    break;
            }
        }

        if (unset.Count > 0 && !allowUnset)
        {
            return new Expansion.Refused(DescribeUnset(unset, variables));
        }

        return length > MaxLength
            ? new Expansion.Refused($"the text would have {length} characters, more than {MaxLength}; use fewer variables")
            : new Expansion.Done(new ExpandedText(pieces.ToImmutable()));
    }

    // The name of the variable after a '$', and how many characters it takes up. No name and a length: they stand for nothing.
    private static (string Name, int Length) NameAfter(ReadOnlySpan<char> text)
    {
        if (text[0] == '{')
        {
            int end = text.IndexOf('}');
            return end < 0 ? ("", 1) : (text[1..end].ToString(), end + 1);
        }

        if (OneCharacterNames.Contains(text[0], StringComparison.Ordinal))
        {
            return (text[..1].ToString(), 1);
        }

        int length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] == '_'))
        {
            length++;
        }

        return (text[..length].ToString(), length);
    }

    private static string DescribeUnset(List<string> unset, VariableSet variables)
    {
        const int mostNamed = 5;
        string[] names = [.. unset.Distinct(StringComparer.Ordinal)];
        string list = string.Join(", ", names.Take(mostNamed).Select(CanonicalText.Quote));
        string rest = names.Length > mostNamed ? $" and {names.Length - mostNamed} more" : "";
        string what = names.Length == 1 ? $"the variable {list} is" : $"the variables {list}{rest} are";
        string hint = names.Length == 1 && !variables.IsWithoutValue(names[0]) && Suggest.Nearest(names[0], variables.Names) is { } nearest
            ? $"did you mean {CanonicalText.Quote(nearest)}?"
            : "write allow_unset_variables: true to take what is not set as empty";
        return $"{what} not set by the event or its context; {hint}";
    }
}
