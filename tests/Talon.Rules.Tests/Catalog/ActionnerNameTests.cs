using Talon.Rules.Catalog;

namespace Talon.Rules.Tests.Catalog;

public sealed class ActionnerNameTests
{
    [Theory]
    [InlineData("kubernetes:terminate", "kubernetes", "terminate")]
    [InlineData("az09:z9a0", "az09", "z9a0")]
    [InlineData("a:b", "a", "b")]
    public void TryParse_CategoryAndName_IsTaken(string text, string category, string name)
    {
        Assert.True(ActionnerName.TryParse(text, out var parsed));
        Assert.Equal((category, name, text), (parsed.Category, parsed.Name, parsed.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("a")]
    [InlineData("a:")]
    [InlineData(":b")]
    [InlineData("a:b:c")]
    [InlineData("A:b")]
    [InlineData("a:b ")]
    [InlineData("X1 foo:bar zz")]
    [InlineData("a:b-c")]
    [InlineData("a:b/c")]
    [InlineData("a`:b")]
    [InlineData("a{:b")]
    public void TryParse_AnythingElse_IsRefused(string? text)
    {
        Assert.False(ActionnerName.TryParse(text, out var parsed));
        Assert.Equal(default, parsed);
    }
}
