using Talon.Rules.Model;

namespace Talon.Rules.Tests.Model;

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
}
