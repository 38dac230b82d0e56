using System.Text.Json;
using Talon.Host.Configuration;

namespace Talon.Architecture.Tests.Documents;

/// <summary>
/// The table of all keys of the configuration. Key, variable and values come from the keys; default and meaning are written by people
/// and kept, and a default is held against what the key really does.
/// </summary>
internal static class ConfigurationTable
{
    private const string Open = "?";

    private static readonly string[] Columns = ["key", "environment", "default", "values", "meaning"];

    /// <summary>The table.</summary>
    /// <param name="now">The table as it is, for the cells that people write.</param>
    public static string Of(string now)
    {
        var written = now.Split('\n')
            .Select(MarkdownTable.Cells)
            .Where(cells => cells.Count == Columns.Length)
            .GroupBy(cells => cells[0], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        return MarkdownTable.Of(Columns, ConfigKeys.All.Select(key =>
        {
            string name = MarkdownTable.Literal(key.Name);
            var cells = written.GetValueOrDefault(name);
            return (IReadOnlyList<string>)
            [
                name, MarkdownTable.Literal(ConfigKey.EnvironmentName(key.Name)), cells?[2] ?? Open, MarkdownTable.Text(key.Expected), cells?[4] ?? Open,
            ];
        }));
    }

    /// <summary>What people still have to write, or wrote wrongly.</summary>
    /// <param name="page">The page with the table.</param>
    public static IEnumerable<string> Problems(string page)
    {
        foreach (string line in page.Split('\n'))
        {
            var cells = MarkdownTable.Cells(line);
            if (cells.Count != Columns.Length || ConfigKeys.Find(cells[0].Trim('`')) is not { } key)
            {
                continue;
            }

            if (cells.Contains(Open))
            {
                yield return $"{key.Name}: write its default and its meaning";
            }
            else if (Values(cells[2]) is { Length: > 0 } values && !ChangesNothing(key, values))
            {
                yield return $"{key.Name}: {cells[2]} is not its default";
            }
        }
    }

    // A cell that is nothing but literals names a value, or the items of a list; any other one is words.
    private static string[] Values(string cell)
    {
        string[] parts = cell.Split(", ");
        return Array.TrueForAll(parts, part => part.Length > 2 && part[0] == '`' && part.IndexOf('`', 1) == part.Length - 1) ? [.. parts.Select(part => part.Trim('`'))] : [];
    }

    private static bool ChangesNothing(ConfigKey key, string[] values)
    {
        var before = new TalonOptions();
        return key.Apply(before, [.. values]) is { } after && JsonSerializer.Serialize(after) == JsonSerializer.Serialize(before);
    }
}
