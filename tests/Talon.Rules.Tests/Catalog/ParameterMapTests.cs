using Talon.Rules.Catalog;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Yaml;

namespace Talon.Rules.Tests.Catalog;

public sealed class ParameterMapTests
{
    private static ParameterMap Sample() => ParameterMap.Empty
        .With("t", new ParameterValue.Text("x"))
        .With("w", new ParameterValue.Whole(5))
        .With("f", new ParameterValue.Flag(true))
        .With("l", new ParameterValue.List([new ParameterValue.Text("a"), new ParameterValue.Whole(1), new ParameterValue.Text("b")]))
        .With("m", new ParameterValue.Map(ParameterMap.Empty.With("k", new ParameterValue.Text("v")).With("n", new ParameterValue.Nothing()).With("o", new ParameterValue.Whole(1))));

    [Fact]
    public void Getters_ReturnOnlyTheirType()
    {
        var map = Sample();
        Assert.Equal(("x", 5L, true), (map.GetText("t"), map.GetWhole("w"), map.GetFlag("f")));
        Assert.Null(map.GetText("w"));
        Assert.Null(map.GetWhole("t"));
        Assert.Null(map.GetFlag("t"));
        Assert.Null(map.GetText("absent"));
        Assert.Equal(["a", "b"], map.GetTexts("l").ToArray());
        Assert.Empty(map.GetTexts("t"));
        Assert.Equal([KeyValuePair.Create("k", (string?)"v"), KeyValuePair.Create("n", (string?)null)], map.GetTextMap("m").ToArray());
        Assert.Empty(map.GetTextMap("t"));
        Assert.Equal(["f", "l", "m", "t", "w"], map.Names);
    }

    [Fact]
    public void Equals_SameContent_IsEqual()
    {
        Assert.Equal(Sample(), Sample());
        Assert.Equal(Sample().GetHashCode(), Sample().GetHashCode());
        Assert.NotEqual(Sample(), Sample().With("t", new ParameterValue.Text("y")));
        Assert.NotEqual(Sample(), Sample().With("l", new ParameterValue.List([])));
        Assert.NotEqual(new ParameterValue.Text("1"), (ParameterValue)new ParameterValue.Real("1"));
    }

    [Theory]
    [InlineData("0x1F", "31")]
    [InlineData("031", "+31")]
    [InlineData("True", "true")]
    public void Equals_SameValueOtherwiseWritten_IsEqual(string one, string other)
    {
        static ParameterMap Of(string literal) => ParameterNodes.ToMap((YamlNode.Mapping)YamlDocument.Read("f", $"v: {literal}").Documents[0]);
        Assert.Equal(Of(one), Of(other));
        Assert.Equal(Of(one).GetHashCode(), Of(other).GetHashCode());
        Assert.True(Of(one).TryGet("v", out var value));
        Assert.DoesNotContain("Literal", value.ToString(), StringComparison.Ordinal);
    }
}
