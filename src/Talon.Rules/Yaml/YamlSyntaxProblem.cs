using System.Buffers;
using YamlDotNet.Core;

namespace Talon.Rules.Yaml;

/// <summary>Turns the parser's failures into problems, with a hint for the mistakes people make.</summary>
internal static class YamlSyntaxProblem
{
    // A tab that the parser rejects stands on the line of the last thing it understood or on one of the next few.
    private const int LinesSearchedForTab = 5;

    private static readonly SearchValues<char> SpecialCharacters = SearchValues.Create("%@`*&!");

    /// <param name="understood">The end of the last thing the parser understood.</param>
    /// <param name="exception">What it threw; null when that says nothing of the place.</param>
    public static YamlProblem Of(string file, string text, Mark understood, YamlException? exception)
    {
        // Of a broken map or list the parser often names only the beginning, which is long past.
        var place = exception is not null && exception.Start.Index > understood.Index ? exception.Start : understood;
        var (line, column) = Within(text, (int)Math.Max(1, place.Line), (int)Math.Max(1, place.Column));
        string[] lines = LinesFrom(text, (int)Math.Max(1, understood.Line));
        for (int i = 0; i < lines.Length; i++)
        {
            int blank = lines[i].AsSpan().IndexOfAnyExcept(' ');
            if (blank >= 0 && lines[i][blank] == '\t')
            {
                return new YamlProblem(new YamlMark(file, (int)Math.Max(1, understood.Line) + i, blank + 1), "a tab is used for indentation", "indent with spaces");
            }
        }

        string message = exception is null
            ? "not valid YAML at or after this place"
            : $"not valid YAML: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}";
        return new YamlProblem(new YamlMark(file, line, column), message, HintFor(LinesFrom(text, line).FirstOrDefault("")));
    }

    // Of a text that ends too early the parser names a line behind the last one.
    private static (int Line, int Column) Within(string text, int line, int column)
    {
        var (lastLine, lastColumn) = (1, 1);
        using var reader = new StringReader(text);
        for (int i = 1; reader.ReadLine() is { } content; i++)
        {
            if (!string.IsNullOrWhiteSpace(content))
            {
                (lastLine, lastColumn) = (i, content.Length + 1);
            }
        }

        return line > lastLine ? (lastLine, lastColumn) : (line, column);
    }

    private static string HintFor(string line)
    {
        if (line.Count(c => c == '"') % 2 == 1 || line.Count(c => c == '\'') % 2 == 1)
        {
            return "a quote is opened and not closed";
        }

        return line.AsSpan().ContainsAny(SpecialCharacters)
            ? "put texts with special characters in quotes"
            : "look at the indentation, the ': ' after keys and the brackets near this place";
    }

    private static string[] LinesFrom(string text, int line)
    {
        using var reader = new StringReader(text);
        for (int i = 1; i < line; i++)
        {
            reader.ReadLine();
        }

        var lines = new List<string>();
        while (lines.Count < LinesSearchedForTab && reader.ReadLine() is { } content)
        {
            lines.Add(content);
        }

        return [.. lines];
    }
}
