namespace Talon.Architecture.Tests.Documents;

/// <summary>A part of a page that is written by a program. It stands between two comments, and everything around it is written by people.</summary>
/// <param name="Page">The page, from the root of the repository.</param>
/// <param name="Name">What the block is called in its first comment.</param>
/// <param name="Title">The heading of a page that is made for this block.</param>
/// <param name="Text">What belongs between the comments.</param>
internal sealed record GeneratedBlock(string Page, string Name, string Title, Func<string> Text)
{
    private const string End = "<!-- end of generated -->";

    private string Begin => $"<!-- generated: {Name} (tests/docs.sh) -->";

    /// <summary>The page with this block as it should be. A page without the comments gets the block at its end.</summary>
    /// <param name="page">The page as it is; null when there is none.</param>
    public string Put(string? page)
    {
        page ??= $"# {Title}\n";
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        if (begin < 0)
        {
            return $"{page.TrimEnd()}\n\n{Begin}\n{Text()}\n{End}\n";
        }

        int from = begin + Begin.Length;
        int end = page.IndexOf(End, from, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new InvalidOperationException($"{Page}: the block '{Name}' has no end; it is the line {End}");
        }

        return $"{page[..from]}\n{Text()}\n{page[end..]}";
    }
}
