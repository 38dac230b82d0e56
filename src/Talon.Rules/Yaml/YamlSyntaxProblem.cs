using YamlDotNet.Core;

namespace Talon.Rules.Yaml;

/// <summary>Turns the parser's syntax errors into problems, with a hint for the mistakes people make.</summary>
internal static class YamlSyntaxProblem
{
    public static YamlProblem Of(string file, string text, YamlException exception)
    {
        int line = (int)Math.Max(1, exception.Start.Line);
        int column = (int)Math.Max(1, exception.Start.Column);
        var tab = TabIndent(text, line);
        if (tab is { } at)
        {
            return new YamlProblem(new YamlMark(file, at.Line, at.Column), "a tab is used for indentation", "indent with spaces");
        }

        string message = exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
        return new YamlProblem(new YamlMark(file, line, column), $"not valid YAML: {message}", HintFor(LineAt(text, line)));
    }

    private static string HintFor(string line)
    {
        if (line.Contains("!=", StringComparison.Ordinal) || line.Contains('%', StringComparison.Ordinal) || line.Contains('>', StringComparison.Ordinal))
        {
            return "put texts with special characters in quotes";
        }

        return line.Count(c => c == '"') % 2 == 1 || line.Count(c => c == '\'') % 2 == 1
            ? "a quote is opened and not closed"
            : "look at the indentation, the ': ' after keys and the brackets near this place";
    }

    // The parser notices a tab at the earliest on its own line, sometimes on the one after it.
    private static (int Line, int Column)? TabIndent(string text, int line)
    {
        for (int candidate = line; candidate >= Math.Max(1, line - 1); candidate--)
        {
            string content = LineAt(text, candidate);
            int blank = content.AsSpan().IndexOfAnyExcept(' ');
            if (blank >= 0 && content[blank] == '\t')
            {
                return (candidate, blank + 1);
            }
        }

        return null;
    }

    private static string LineAt(string text, int line)
    {
        using var reader = new StringReader(text);
        for (int i = 1; i < line; i++)
        {
            reader.ReadLine();
        }

        return reader.ReadLine() ?? "";
    }
}
