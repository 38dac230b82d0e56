using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Tests.Clients.Kubernetes.Names;

public sealed class NameTests
{
    public static TheoryData<string?> NoNames { get; } = new(
        null, "", " ", ".", "..", "../pods/p1", "/", "a/b", "?", "a?b=c", "#", "a#b", "%2f", "a%2fb", "%2e%2e", new string('a', 300),
        "pöd", "ｐod", "İ", "a\u0000b", "a\nb", "a b", "Pod", "A", "-a", "a-", ".a", "a.", "a..b", "a.-b", "a-.b", "a_b", "a:b", "<NA>", "\u200ba", "a;b", "a\\b");

    [Theory]
    [MemberData(nameof(NoNames))]
    public void TryCreate_NotAName_IsRefused(string? text)
    {
        Assert.False(KubeName.TryCreate(text, out var name));
        Assert.Null(name);
        Assert.False(NamespaceName.TryCreate(text, out var namespaceName));
        Assert.Null(namespaceName);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("cart-0")]
    [InlineData("web-7d4b9c6f5-x2x7k")]
    [InlineData("a--b")]
    public void TryCreate_Label_IsAName(string text)
    {
        Assert.True(KubeName.TryCreate(text, out var name));
        Assert.Equal(text, name.Value);
        Assert.True(NamespaceName.TryCreate(text, out var namespaceName));
        Assert.Equal(text, namespaceName.Value);
    }

    [Theory]
    [InlineData("ip-10-0-0-1.eu-west-1.compute.internal")]
    [InlineData("a.b")]
    public void TryCreate_Subdomain_IsAnObjectNameButNoNamespace(string text)
    {
        Assert.True(KubeName.TryCreate(text, out _));
        Assert.False(NamespaceName.TryCreate(text, out _));
    }

    [Theory]
    [InlineData(63, true, true)]
    [InlineData(64, false, true)]
    [InlineData(253, false, true)]
    [InlineData(254, false, false)]
    public void TryCreate_Length_IsHeldAtTheLimit(int length, bool isNamespace, bool isName)
    {
        string text = new('a', length);
        Assert.Equal(isNamespace, NamespaceName.TryCreate(text, out _));
        Assert.Equal(isName, KubeName.TryCreate(text, out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("host")]
    [InlineData("<NA>")]
    [InlineData("0123456789a")]
    [InlineData("0123456789ag")]
    [InlineData("0123456789/.")]
    public void ContainerId_NotAnId_IsRefused(string? text) => Assert.False(ContainerId.TryCreate(text, out _));

    [Fact]
    public void ContainerId_TooLong_IsRefused() => Assert.False(ContainerId.TryCreate(new string('a', 129), out _));

    [Theory]
    [InlineData("containerd://0123456789abcdef", true)]
    [InlineData("docker://0123456789abcdef", true)]
    [InlineData("0123456789abcdef", true)]
    [InlineData("cri-o://0123456789ABCDEF", true)]
    [InlineData("containerd://f0123456789abcdef", false)]
    [InlineData("containerd://0123456789a", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void ContainerId_StatusId_IsMatchedByItsBeginningWithoutTheRuntime(string? statusId, bool expected)
    {
        Assert.True(ContainerId.TryCreate("0123456789AB", out var id));
        Assert.Equal(expected, id.IsPrefixOf(statusId));
    }
}
