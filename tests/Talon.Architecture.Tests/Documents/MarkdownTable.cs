namespace Talon.Architecture.Tests.Documents;

/// <summary>Tables of Markdown.</summary>
internal static class MarkdownTable
{
    /// <summary>A table.</summary>
    /// <param name="columns">The heads of its columns.</param>
    /// <param name="rows">Its rows, already Markdown.</param>
    public static string Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        string.Join('\n', rows.Prepend([.. columns.Select(_ => "---")]).Prepend(columns).Select(row => $"| {string.Join(" | ", row)} |"));

    /// <summary>The cells of a row; empty when the line is no row.</summary>
    /// <param name="line">A line of a page.</param>
    public static IReadOnlyList<string> Cells(string line) =>
        line.StartsWith('|') ? [.. line.Replace(@"\|", "\0", StringComparison.Ordinal).Trim().Trim('|').Split('|').Select(cell => cell.Trim().Replace("\0", @"\|", StringComparison.Ordinal))] : [];

    /// <summary>Plain text as a cell.</summary>
    public static string Text(string text) =>
        text.ReplaceLineEndings(" ").Replace("|", @"\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    /// <summary>A text as it has to be written, in a cell; nothing for an empty one.</summary>
    public static string Literal(string text) => text.Length == 0 ? "" : $"`{text.Replace("|", @"\|", StringComparison.Ordinal)}`";
}
