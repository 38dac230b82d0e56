using Talon.Rules.Yaml;

namespace Talon.Rules.Loading;

/// <summary>Reads the shape of <c>match</c> and of the <c>not</c> in it.</summary>
internal sealed class MatchReader(DiagnosticBag bag)
{
    /// <summary>The <c>match</c> of a rule.</summary>
    public RawMatch Read(KeyReader rule)
    {
        int errors = bag.ErrorCount;
        var match = rule.Map("match") is { } map ? Read(map, rule.Scope) : RawMatch.Nothing;
        return match with { IsWhole = bag.ErrorCount == errors };
    }

    private RawMatch Read(YamlNode.Mapping map, DiagnosticScope scope)
    {
        var reader = new KeyReader(map, bag, scope);
        var match = Keys(map, reader) with { Not = ReadNot(map, reader) };
        reader.ReportUnknown("'match'");
        return match;
    }

    private RawMatch? ReadNot(YamlNode.Mapping map, KeyReader match)
    {
        var not = match.Map("not");
        if (not is null || not.Entries.IsEmpty)
        {
            // Nothing excluded, or everything? Neither is written this way.
            if (not is not null || map.Find("not") is { IsNull: true })
            {
                match.Error(map.Find("not")!.Mark, "'not' is empty", "give it at least one condition or remove the key");
            }

            return null;
        }

        var reader = new KeyReader(not, bag, match.Scope);
        var block = Keys(not, reader) with { Mark = not.Mark };
        if (not.Find("not") is { } nested)
        {
            reader.Error(nested.Mark, "'not' cannot stand in 'not'", "write these conditions under 'match' itself");
        }

        reader.ReportUnknown("'not'", "not");
        return block;
    }

    private static RawMatch Keys(YamlNode.Mapping map, KeyReader reader) => new()
    {
        Rules = reader.Texts("rules", mayBeEmpty: false),
        Hostnames = reader.TextOrTexts("hostname"),
        Priority = reader.Text("priority"),
        Source = reader.Text("source"),
        Tags = reader.Texts("tags", mayBeEmpty: false),
        OutputFields = reader.Texts("output_fields", mayBeEmpty: false),
    };
}
