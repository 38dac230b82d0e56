using Talon.Host.Configuration;

namespace Talon.Architecture.Tests.Documents;

/// <summary>The table of all keys of the configuration, made of the keys alone.</summary>
internal static class ConfigurationTable
{
    private static readonly string[] Columns = ["key", "environment", "default", "values", "meaning"];

    public static string Of() => MarkdownTable.Of(Columns, ConfigKeys.All.Select(key => (IReadOnlyList<string>)
    [
        MarkdownTable.Literal(key.Name),
        MarkdownTable.Literal(key.Environment),
        key.DocumentedDefault,
        MarkdownTable.Text(key.Expected),
        key.Meaning.Replace("|", @"\|", StringComparison.Ordinal),
    ]));
}
