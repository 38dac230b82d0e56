using Talon.Rules.Catalog;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Yaml;

namespace Talon.Rules.Tests.Catalog;

public sealed class ParameterSchemaTests
{
    private static readonly ParameterSchema Schema = new(
    [
        new() { Name = "text", Type = ParameterType.Text, Description = "T." },
        new() { Name = "whole", Type = ParameterType.Whole, Description = "W.", Check = value => value is ParameterValue.Whole { Value: < 0 } ? "must not be negative" : null },
        new() { Name = "flag", Type = ParameterType.Flag, Description = "F." },
        new() { Name = "list", Type = ParameterType.TextList, Description = "L." },
        new() { Name = "map", Type = ParameterType.TextMap, Description = "M." },
    ]);

    private static readonly ParameterValue Text = new ParameterValue.Text("x");
    private static readonly ParameterValue Whole = new ParameterValue.Whole(2);
    private static readonly ParameterValue Real = new ParameterValue.Real("5.5");
    private static readonly ParameterValue Flag = new ParameterValue.Flag(true);
    private static readonly ParameterValue Nothing = new ParameterValue.Nothing();

    public static TheoryData<string, ParameterValue, string?> Cases() => new()
    {
        { "text", Text, null },
        { "text", Whole, "parameter 'text' must be a text, not a whole number; put it in quotes: \"2\"" },
        { "text", Real, "parameter 'text' must be a text, not a number with a fraction; put it in quotes: \"5.5\"" },
        { "text", Flag, "parameter 'text' must be a text, not true or false; put it in quotes: \"true\"" },
        { "text", List(Text), "parameter 'text' must be a text, not a list; " },
        { "whole", Whole, null },
        { "whole", new ParameterValue.Whole(-1), "parameter 'whole': must not be negative; " },
        { "whole", Text, "parameter 'whole' must be a whole number, not a text; write the digits without quotes and unit" },
        { "whole", Real, "parameter 'whole' must be a whole number, not a number with a fraction; write it without a fraction" },
        { "whole", new ParameterValue.Real("1e3"), "parameter 'whole' must be a whole number, not a number with a fraction; write it without a fraction" },
        { "whole", new ParameterValue.Real(".inf"), "parameter 'whole' must be a whole number, not a number with a fraction; write it without a fraction" },
        { "whole", new ParameterValue.Real("+9223372036854775808"), "parameter 'whole' is too large; write at most 9223372036854775807" },
        { "whole", new ParameterValue.Real("-9223372036854775809"), "parameter 'whole' is too small; write at least -9223372036854775808" },
        { "text", new ParameterValue.Real("99999999999999999999"), "parameter 'text' must be a text, not a whole number; put it in quotes: \"99999999999999999999\"" },
        { "text", new ParameterValue.Real(new string('9', 121)), "parameter 'text' must be a text, not a whole number; put it in quotes" },
        { "flag", Flag, null },
        { "flag", Text, "parameter 'flag' must be true or false, not a text; write true or false, without quotes" },
        { "flag", Whole, "parameter 'flag' must be true or false, not a whole number; write true or false, without quotes" },
        { "list", List(), null },
        { "list", List(Text, Text), null },
        { "list", Text, "parameter 'list' must be a list of texts, not a text; write a list, one '- item' a line or [item, item]" },
        { "list", List(Text, Whole), "item 2 of parameter 'list' must be a text, not a whole number; put it in quotes: \"2\"" },
        { "list", List(List(Text)), "item 1 of parameter 'list' must be a text, not a list; " },
        { "list", List(Nothing), "item 1 of parameter 'list' must be a text, not nothing; " },
        { "map", Map(("k", Text)), null },
        { "map", Map(("k", Nothing)), null },
        { "map", Map(("k", Flag)), "entry 'k' of parameter 'map' must be a text, not true or false; put it in quotes: \"true\"" },
        { "map", List(Text), "parameter 'map' must be a map of texts, not a list; write 'key: value' lines below it" },
        { "TEXT", Text, null },
        { "texts", Text, "unknown parameter 'texts'; did you mean 'text'?" },
        { "zzz", Text, "unknown parameter 'zzz'; known: text, whole, flag, list, map" },
        { "text", Nothing, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bind_Value_IsTakenOrRefused(string name, ParameterValue value, string? problem)
    {
        var binding = Schema.Bind(ParameterMap.Empty.With(name, value));
        if (problem is null)
        {
            Assert.Empty(binding.Problems);
            Assert.Equal(value is not ParameterValue.Nothing, binding.Parameters.TryGet(name.ToLowerInvariant(), out _));
        }
        else
        {
            var found = Assert.Single(binding.Problems);
            Assert.Equal(problem, $"{found.Message}; {found.Hint}");
            Assert.Equal(name, found.Name);
        }
    }

    [Theory]
    [InlineData("0123")]
    [InlineData("0x1F")]
    [InlineData("0o17")]
    [InlineData("+5")]
    [InlineData("True")]
    [InlineData("FALSE")]
    [InlineData("1.50")]
    public void Bind_LiteralInsteadOfText_IsHintedAsWritten(string literal)
    {
        var yaml = (YamlNode.Mapping)YamlDocument.Read("f", $"{{text: {literal}, list: [{literal}], map: {{k: {literal}}}}}").Documents[0];
        var problems = Schema.Bind(ParameterNodes.ToMap(yaml)).Problems;
        Assert.Equal(Enumerable.Repeat($"put it in quotes: \"{literal}\"", 3), problems.Select(problem => problem.Hint));
    }

    [Fact]
    public void Bind_SameNameInTwoCases_IsRefused() =>
        Assert.Contains("given twice", Assert.Single(Schema.Bind(ParameterMap.Empty.With("Text", Text).With("text", Text)).Problems).Message, StringComparison.Ordinal);

    [Fact]
    public void Bind_RequiredMissingOrEmpty_IsRefused()
    {
        var schema = new ParameterSchema([new() { Name = "a", Type = ParameterType.Text, Required = true, Description = "The a." }]);
        Assert.Equal("parameter 'a' is missing", Assert.Single(schema.Bind(ParameterMap.Empty).Problems).Message);
        Assert.Equal("parameter 'a' is missing", Assert.Single(schema.Bind(ParameterMap.Empty.With("a", Nothing)).Problems).Message);
    }

    [Fact]
    public void Bind_CheckOfAll_RunsOnlyWhenEachIsRight()
    {
        var schema = Schema with { Check = parameters => parameters.Count == 0 ? "give at least one" : null };
        Assert.Equal("give at least one", Assert.Single(schema.Bind(ParameterMap.Empty).Problems).Message);
        Assert.Equal("unknown parameter 'zzz'", Assert.Single(schema.Bind(ParameterMap.Empty.With("zzz", Text)).Problems).Message);
        Assert.Empty(schema.Bind(ParameterMap.Empty.With("text", Text)).Problems);
    }

    [Fact]
    public void None_AnyParameter_IsUnknown() =>
        Assert.Equal("there are no parameters here", Assert.Single(ParameterSchema.None.Bind(ParameterMap.Empty.With("a", Text)).Problems).Hint);

    [Fact]
    public void Bind_SecretOfTheWrongType_IsRefusedWithoutItsValue()
    {
        var schema = new ParameterSchema(
        [
            new() { Name = "secret", Type = ParameterType.Text, Description = "S.", IsSecret = true },
            new() { Name = "secrets", Type = ParameterType.TextMap, Description = "S.", IsSecret = true },
        ])
        { Word = "setting" };
        var problems = schema.Bind(ParameterMap.Empty.With("secret", new ParameterValue.Whole(4711)).With("secrets", Map(("key", new ParameterValue.Whole(4711))))).Problems;
        Assert.Equal(
            [
                "setting 'secret' must be a text, not a whole number; put it in quotes",
                "entry 'key' of setting 'secrets' must be a text, not a whole number; put it in quotes",
            ],
            problems.Select(problem => $"{problem.Message}; {problem.Hint}"));
    }

    [Fact]
    public void Bind_RequiredMissing_IsToldApart() =>
        Assert.True(Assert.Single(new ParameterSchema([new() { Name = "a", Type = ParameterType.Text, Required = true, Description = "A." }]).Bind(ParameterMap.Empty).Problems).IsMissing);

    private static ParameterValue.List List(params ParameterValue[] items) => new([.. items]);

    private static ParameterValue.Map Map(params (string, ParameterValue)[] entries) =>
        new(ParameterMap.From(entries.Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2))));
}
