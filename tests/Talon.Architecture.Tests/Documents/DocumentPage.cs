using System.Text.RegularExpressions;

namespace Talon.Architecture.Tests.Documents;

/// <summary>A block of a page between two fences.</summary>
/// <param name="Line">The line of its first fence, from 1.</param>
/// <param name="Language">The first word after the fence.</param>
/// <param name="Mark">The rest of the words after the fence.</param>
/// <param name="File">The file whose text this is, when the paragraph before it says so by ending with <c>`NAME`:</c>; else null.</param>
/// <param name="Text">What is between the fences.</param>
internal sealed record FencedBlock(int Line, string Language, string Mark, string? File, string Text)
{
    /// <summary>Whether it shows what is typed into a shell.</summary>
    public bool IsShell => Language is "sh" or "bash" or "console" or "shell";
}

/// <summary>A page of Markdown, as far as its fenced blocks go.</summary>
internal static partial class DocumentPage
{
    /// <summary>The fenced blocks of a page.</summary>
    /// <param name="text">The page.</param>
    public static IReadOnlyList<FencedBlock> Blocks(string text)
    {
        var blocks = new List<FencedBlock>();
        string[] lines = text.Split('\n');
        string before = "";
        for (int i = 0; i < lines.Length; i++)
        {
            if (Fence().Match(lines[i]) is not { Success: true } fence)
            {
                before = string.IsNullOrWhiteSpace(lines[i]) ? before : lines[i];
                continue;
            }

            string indent = fence.Groups["indent"].Value;
            int end = Array.FindIndex(lines, i + 1, line => line.Trim() == "```");
            if (end < 0)
            {
                throw new FormatException($"the block in line {i + 1} has no end");
            }

            string[] words = fence.Groups["info"].Value.Split(' ', 2, StringSplitOptions.TrimEntries);
            var inner = lines[(i + 1)..end].Select(line => line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line);
            var file = FileName().Match(before);
            blocks.Add(new FencedBlock(i + 1, words[0], words.Length > 1 ? words[1] : "", file.Success ? file.Groups["name"].Value : null, string.Join('\n', inner) + "\n"));
            i = end;
            before = "";
        }

        return blocks;
    }

    /// <summary>The lines outside of all fences that Markdown shows as code because they are indented; from 1.</summary>
    /// <param name="text">The page.</param>
    public static IEnumerable<int> IndentedCode(string text)
    {
        bool fenced = false;
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            if (Fence().IsMatch(line))
            {
                fenced = !fenced;
            }
            else if (!fenced && line.StartsWith("    ", StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(line))
            {
                yield return number;
            }
        }
    }

    [GeneratedRegex("^(?<indent> *)```(?<info>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`(?<name>[\w.-]+)`:$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FileName();
}
