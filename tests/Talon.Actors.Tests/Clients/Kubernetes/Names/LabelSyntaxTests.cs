using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Tests.Clients.Kubernetes.Names;

public sealed class LabelSyntaxTests
{
    [Theory]
    [InlineData("suspicious", true)]
    [InlineData("a", true)]
    [InlineData("A_b.c-D9", true)]
    [InlineData("example.com/approved", true)]
    [InlineData("", false)]
    [InlineData("/a", false)]
    [InlineData("a/", false)]
    [InlineData("a/b/c", false)]
    [InlineData("Example.com/a", false)]
    [InlineData("-a", false)]
    [InlineData("a.", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    public void CheckKey_Key_IsHeldAgainstKubernetesRules(string key, bool valid) => Assert.Equal(valid, LabelSyntax.CheckKey(key) is null);

    [Theory]
    [InlineData("", true)]
    [InlineData("true", true)]
    [InlineData("1.2_3-X", true)]
    [InlineData("a b", false)]
    [InlineData("_a", false)]
    [InlineData("a/b", false)]
    public void CheckValue_Value_IsHeldAgainstKubernetesRules(string value, bool valid) => Assert.Equal(valid, LabelSyntax.CheckValue("k", value) is null);

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Check_Length_IsHeldAtTheLimit(int length, bool valid)
    {
        Assert.Equal(valid, LabelSyntax.CheckKey(new string('a', length)) is null);
        Assert.Equal(valid, LabelSyntax.CheckKey("example.com/" + new string('a', length)) is null);
        Assert.Equal(valid, LabelSyntax.CheckValue("k", new string('a', length)) is null);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("Example.COM/Incident")]
    [InlineData("example.com/a_b.c-d")]
    public void CheckAnnotationKey_Key_IsTaken(string key) => Assert.Null(LabelSyntax.CheckAnnotationKey(key));

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a/b/c")]
    [InlineData("a_b/c")]
    [InlineData("-a")]
    public void CheckAnnotationKey_NoKey_SaysSo(string key) =>
        Assert.StartsWith($"'{key}' is not an annotation key: ", LabelSyntax.CheckAnnotationKey(key), StringComparison.Ordinal);
}
