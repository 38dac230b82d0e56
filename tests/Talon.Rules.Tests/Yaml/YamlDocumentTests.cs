using System.Text;
using CsCheck;
using Talon.Rules.Yaml;

namespace Talon.Rules.Tests.Yaml;

public sealed class YamlDocumentTests
{
    [Theory]
    [InlineData("x", YamlScalarKind.Text)]
    [InlineData("'true'", YamlScalarKind.Text)]
    [InlineData("\"1\"", YamlScalarKind.Text)]
    [InlineData("!!str 1", YamlScalarKind.Text)]
    [InlineData("yes", YamlScalarKind.Text)]
    [InlineData("on", YamlScalarKind.Text)]
    [InlineData("33%", YamlScalarKind.Text)]
    [InlineData("1_000", YamlScalarKind.Text)]
    [InlineData("1.2.3", YamlScalarKind.Text)]
    [InlineData(".", YamlScalarKind.Text)]
    [InlineData("1e", YamlScalarKind.Text)]
    [InlineData("+", YamlScalarKind.Text)]
    [InlineData("2025-01-01", YamlScalarKind.Text)]
    [InlineData("true", YamlScalarKind.Flag)]
    [InlineData("False", YamlScalarKind.Flag)]
    [InlineData("12", YamlScalarKind.Whole)]
    [InlineData("-7", YamlScalarKind.Whole)]
    [InlineData("+7", YamlScalarKind.Whole)]
    [InlineData("0x1F", YamlScalarKind.Whole)]
    [InlineData("0o17", YamlScalarKind.Whole)]
    [InlineData("99999999999999999999", YamlScalarKind.Real)]
    [InlineData("1.5", YamlScalarKind.Real)]
    [InlineData(".5", YamlScalarKind.Real)]
    [InlineData("1e3", YamlScalarKind.Real)]
    [InlineData("-1.E+3", YamlScalarKind.Real)]
    [InlineData("-.inf", YamlScalarKind.Real)]
    [InlineData(".nan", YamlScalarKind.Real)]
    [InlineData("~", YamlScalarKind.Null)]
    [InlineData("null", YamlScalarKind.Null)]
    [InlineData("", YamlScalarKind.Null)]
    public void Read_Scalar_HasTheKindOfTheCoreSchema(string text, YamlScalarKind kind)
    {
        var map = Assert.IsType<YamlNode.Mapping>(Root($"k: {text}\n"));
        Assert.Equal(kind, Assert.IsType<YamlNode.Scalar>(map.Find("k")).Kind);
    }

    [Fact]
    public void Read_NestedValues_KnowTheirPlace()
    {
        var map = Assert.IsType<YamlNode.Mapping>(Root("a: 1\nb:\n  - x\n  - {c: d}\n"));
        var list = Assert.IsType<YamlNode.Sequence>(map.Find("b"));
        Assert.Equal(new YamlMark("f", 2, 1), map.Entries[1].KeyMark);
        Assert.Equal(new YamlMark("f", 3, 5), list.Items[0].Mark);
        Assert.Equal(new YamlMark("f", 4, 9), Assert.IsType<YamlNode.Mapping>(list.Items[1]).Find("c")!.Mark);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    public void Find_MapOfAnySize_ComparesKeysOrdinally(int count)
    {
        var map = Assert.IsType<YamlNode.Mapping>(Root(string.Concat(Enumerable.Range(0, count).Select(i => $"k{i}: v{i}\n"))));
        for (int i = 0; i < count; i++)
        {
            Assert.Equal($"v{i}", Assert.IsType<YamlNode.Scalar>(map.Find($"k{i}")).Text);
        }

        Assert.Null(map.Find("K0"));
        Assert.Null(map.Find($"k{count}"));
    }

    [Fact]
    public void Read_SeveralDocuments_AllAreThereButTheEmptyOnes()
    {
        var result = YamlDocument.Read("f", "a: 1\n---\n---\n- b\n...\n");
        Assert.Empty(result.Problems);
        Assert.Equal(2, result.Documents.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    public void Read_EmptyFile_HasNoDocuments(string text)
    {
        var result = YamlDocument.Read("f", text);
        Assert.Empty(result.Documents);
        Assert.Empty(result.Problems);
    }

    [Fact]
    public void Read_AnchorsAndMergeKeys_AreResolved()
    {
        var root = Assert.IsType<YamlNode.Mapping>(Root("base: &b {x: 1, y: 2}\nmore: &m {y: 5, z: 3}\nuse:\n  <<: [*b, *m]\n  x: 9\nalso: *b\n"));
        var use = Assert.IsType<YamlNode.Mapping>(root.Find("use"));
        Assert.Equal(["x=9", "y=2", "z=3"], use.Entries.Select(entry => $"{entry.Key}={((YamlNode.Scalar)entry.Value).Text}"));
        Assert.Same(root.Find("base"), root.Find("also"));
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key 'a'")]
    [InlineData("x: {a: 1, 'a': 2}\n", 1, 11, "duplicate key 'a'")]
    [InlineData("[a, b]: 1\n", 1, 1, "a key must be a text, not a list")]
    [InlineData("a: *nope\n", 1, 4, "an alias ('*…') has no anchor before it")]
    [InlineData("a: &x [*x]\n", 1, 8, "an alias ('*…') has no anchor before it")]
    [InlineData("a: !!binary aGk=\n", 1, 4, "a tag ('!…') is not supported")]
    [InlineData("a: !mine x\n", 1, 4, "a tag ('!…') is not supported")]
    [InlineData("a:\n\tb: 1\n", 2, 1, "a tab is used for indentation")]
    [InlineData("a: 1\n<<: 5\n", 2, 5, "'<<' merges maps, not a number")]
    public void Read_Fault_IsLocated(string text, int line, int column, string message)
    {
        var problem = Assert.Single(YamlDocument.Read("f", text).Problems);
        Assert.Equal((new YamlMark("f", line, column), message), (problem.Mark, problem.Message));
    }

    [Theory]
    [InlineData("password: *Sup3rS3cret\n")]
    [InlineData("password: *Sup3rS3cret@home\n")]
    [InlineData("password: *Sup3rS3cret x\n")]
    [InlineData("password: *Sup3rS3cret: x\n")]
    [InlineData("password: !Sup3rS3cret\n")]
    [InlineData("password: !!Sup3rS3cret\n")]
    [InlineData("password: !Sup3rS3cret!x\n")]
    [InlineData("password: !Sup3rS3cret,x\n")]
    [InlineData("password: !<Sup3rS3cret\n")]
    [InlineData("password: !Sup3rS3cret%zz\n")]
    [InlineData("password: %Sup3rS3cret\n")]
    [InlineData("password: @Sup3rS3cret\n")]
    [InlineData("password: |Sup3rS3cret\n")]
    [InlineData("password: \"\\Sup3rS3cret\"\n")]
    [InlineData("password: {Sup3rS3cret\n")]
    public void Read_ValueWithoutQuotes_IsNotRepeated(string text)
    {
        var problem = Assert.Single(YamlDocument.Read("f", text).Problems);
        Assert.DoesNotContain("Sup3r", $"{problem.Message} {problem.Hint}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [1, 2\n")]
    [InlineData("a: 'x\n")]
    [InlineData("a: b: c\n")]
    [InlineData("- a\n b: c\n")]
    [InlineData("a: %x\n")]
    [InlineData("a: @x\n")]
    [InlineData("{")]
    [InlineData("a: \"\\q\"\n")]
    public void Read_SyntaxError_IsLocatedAndHinted(string text)
    {
        var problem = Assert.Single(YamlDocument.Read("f", text).Problems);
        Assert.InRange(problem.Mark.Line, 1, 3);
        Assert.StartsWith("not valid YAML: ", problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.Hint);
    }

    [Theory]
    [InlineData("- a\n- {b: \"c\",", 2, 11)]
    [InlineData("- a\n- {b: \"c\",\n", 2, 11)]
    [InlineData("- a\n- {b: \"c\",\n\n  \n", 2, 11)]
    public void Read_TextThatEndsTooEarly_IsLocatedAtItsEnd(string text, int line, int column)
    {
        var problem = Assert.Single(YamlDocument.Read("f", text).Problems);
        Assert.Equal((line, column), (problem.Mark.Line, problem.Mark.Column));
    }

    [Fact]
    public void Read_NestedAliases_AreBounded()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++)
        {
            text.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        var result = YamlDocument.Read("f", text.ToString());
        Assert.StartsWith("more than 200000 values", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
        Assert.Empty(result.Documents);
    }

    [Fact]
    public void Read_SeveralDocuments_AreBoundedTogether()
    {
        var limits = new YamlLimits { MaxNodes = 99 };
        // 9 values each: keys count, and the alias with the two it stands for.
        const string document = "- &a {b: c}\n- *a\n- [x]\n";
        string Documents(int count) => string.Join("---\n", Enumerable.Repeat(document, count));
        Assert.Empty(YamlDocument.Read("f", Documents(11), limits).Problems);
        var result = YamlDocument.Read("f", Documents(12), limits);
        Assert.StartsWith("more than 99 values", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(11, result.Documents.Length);
    }

    [Fact]
    public void Read_AliasOfAnotherDocument_HasNoAnchor() =>
        Assert.EndsWith(
            "has no anchor before it", Assert.Single(YamlDocument.Read("f", "- &a x\n---\n- *a\n").Problems).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_TwoMergeKeys_AreAnError()
    {
        var problem = Assert.Single(YamlDocument.Read("f", "a: &a {x: 1}\nb: &b {x: 2}\nuse:\n  <<: *a\n  y: 1\n  <<: *b\n").Problems);
        Assert.Equal((new YamlMark("f", 6, 3), "duplicate key '<<'", "write <<: [*a, *b]"), (problem.Mark, problem.Message, problem.Hint));
        Assert.Empty(YamlDocument.Read("f", "a: &a {x: 1}\nuse: {<<: *a, in: {<<: *a}, \"<<\": text}\n").Problems);
    }

    [Fact]
    public void Read_TooDeep_IsRefused()
    {
        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
        Assert.Empty(YamlDocument.Read("f", Nested(32)).Problems);
        Assert.Equal("nested deeper than 32 levels", Assert.Single(YamlDocument.Read("f", Nested(33)).Problems).Message);
        Assert.Equal("nested deeper than 32 levels", Assert.Single(YamlDocument.Read("f", Nested(20_000)).Problems).Message);
        string aliases = $"a: &a {Nested(20)}\nb: {new string('[', 20)}*a{new string(']', 20)}\n";
        Assert.Equal("nested deeper than 32 levels", Assert.Single(YamlDocument.Read("f", aliases).Problems).Message);
    }

    [Fact]
    public void Read_TooDeepInMaps_IsRefused()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{a: ", depth)) + "x" + new string('}', depth);
        Assert.Empty(YamlDocument.Read("f", Nested(31)).Problems);
        Assert.Equal("nested deeper than 32 levels", Assert.Single(YamlDocument.Read("f", Nested(32)).Problems).Message);
        string aliases = $"a: &a {Nested(20)}\nb: {new string('[', 20)}*a{new string(']', 20)}\n";
        Assert.Equal("nested deeper than 32 levels", Assert.Single(YamlDocument.Read("f", aliases).Problems).Message);
        Assert.Empty(YamlDocument.Read("f", $"a: &a {Nested(10)}\nb: {new string('[', 10)}*a{new string(']', 10)}\n").Problems);
    }

    [Fact]
    public void Read_WhatTheLibraryFailsOn_IsASyntaxError()
    {
        var problem = Assert.Single(YamlDocument.Read("f", "- a\n%~").Problems);
        Assert.StartsWith("not valid YAML", problem.Message, StringComparison.Ordinal);
        Assert.InRange(problem.Mark.Line, 1, 2);
    }

    [Fact]
    public void Read_ArbitraryText_NeverThrows() =>
        Gen.String.Sample(text => Assert.NotNull(YamlDocument.Read("f", text)), iter: 5000);

    [Fact]
    public void Read_YamlScraps_NeverThrows()
    {
        string[] scraps =
            ["a", ": ", "- ", "\n", "\n  ", "\t", "[", "]", "{", "}", ",", "&x ", "*x", "!!str ", "!", "|", ">", "'", "\"", "#", "? ", "%", "@", "`", "---", "...", "<<: ", "~", "\\", "\0", "\u0085", "\uFEFF"];
        Gen.Int[0, scraps.Length - 1].Array[0, 30].Sample(
            picks => Assert.NotNull(YamlDocument.Read("f", string.Concat(picks.Select(pick => scraps[pick])))), iter: 30_000);
    }

    private static YamlNode Root(string text)
    {
        var result = YamlDocument.Read("f", text);
        Assert.Empty(result.Problems);
        return Assert.Single(result.Documents);
    }
}
