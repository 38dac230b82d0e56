using System.Collections.Immutable;
using Talon.Rules.Loading.Diagnostics;
using Talon.Rules.Yaml;

namespace Talon.Rules.Loading.Reading;

/// <summary>Reads the shape of <c>match</c> and of the <c>not</c> in it.</summary>
internal sealed class MatchReader(DiagnosticBag bag)
{
    /// <summary>The keys of a <c>match</c>.</summary>
    public static ImmutableArray<string> AllKeys { get; } = ["rules", "hostname", "priority", "source", "tags", "output_fields", "not"];

    /// <summary>Reads the <c>match</c> of a rule.</summary>
    /// <param name="map">The whole rule.</param>
    public RawMatch Read(YamlNode.Mapping map, KeyReader rule)
    {
        int errors = bag.ErrorCount;
        var match = rule.Map("match");
        if (match is { Entries.IsEmpty: true } || map.Find("match") is { IsNull: true })
        {
            rule.Error(map.Find("match")!.Mark, "'match' is empty", "give it at least one condition; without the key the rule matches every event");
        }

        return (match is null ? RawMatch.Nothing : Read(match, rule.Scope)) with { IsWhole = bag.ErrorCount == errors };
    }

    private RawMatch Read(YamlNode.Mapping map, DiagnosticScope scope)
    {
        var reader = new KeyReader(map, bag, scope);
        var match = Keys(reader) with { Not = ReadNot(map, reader) };
        bool unknown = reader.ReportUnknown("'match'");
        return match with { HasUnknownKeys = unknown || match.Not?.HasUnknownKeys == true };
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

        int errors = bag.ErrorCount;
        var reader = new KeyReader(not, bag, match.Scope);
        var block = Keys(reader) with { Mark = not.Mark };
        if (not.Find("not") is { } nested)
        {
            reader.Error(nested.Mark, "'not' cannot stand in 'not'", "write these conditions under 'match' itself");
        }

        bool unknown = reader.ReportUnknown("'not'", "not");
        return block with { HasUnknownKeys = unknown, IsWhole = bag.ErrorCount == errors };
    }

    private static RawMatch Keys(KeyReader reader) => new()
    {
        Rules = reader.Texts("rules", mayBeEmpty: false),
        Hostnames = reader.TextOrTexts("hostname"),
        Priority = reader.Text("priority"),
        Source = reader.Text("source"),
        Tags = reader.Texts("tags", mayBeEmpty: false),
        OutputFields = reader.Texts("output_fields", mayBeEmpty: false),
    };
}
