using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Talon.Actors.Actionners.Policies;
using Talon.Actors.Actionners.Policies.Calico;

namespace Talon.Actors.Tests.Actionners.Policies;

public sealed class PodSelectionTests
{
    [Fact]
    public void TryCreate_LabelsOfRevisions_AreLeftOut()
    {
        var selection = Create("""
            {"matchLabels":{"b":"2","a":"1","pod-template-hash":"x","controller-revision-hash":"y","pod-template-generation":"3"},
             "matchExpressions":[{"key":"tier","operator":"In","values":["web","api"]},{"key":"old","operator":"DoesNotExist"}]}
            """);

        Assert.Equal("a=1,b=2,!old,tier in (api,web)", selection.ToString());
        Assert.Equal("""a == "1" && b == "2" && !has(old) && tier in { "api", "web" }""", CalicoSelector.Of(selection));
        Assert.Equal("1", (string?)selection.ToJson("k8s:")["matchLabels"]!["k8s:a"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"matchLabels":{}}""")]
    [InlineData("""{"matchLabels":{"pod-template-hash":"x"}}""")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"NotIn","values":["b"]}]}""")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"DoesNotExist"}]}""")]
    [InlineData("""{"matchLabels":{"a":"1"},"matchExpressions":[{"key":"a","operator":"Near","values":["b"]}]}""")]
    [InlineData("""{"matchLabels":{"a":"1"},"matchExpressions":[{"key":"a","operator":"In"}]}""")]
    [InlineData("""{"matchLabels":{"a":"x\" || all() || \"y"}}""")]
    [InlineData("""{"matchLabels":{"a) || all(":"x"}}""")]
    [InlineData("""{"matchLabels":{"a":"1"},"matchExpressions":[{"key":"a","operator":"In","values":["x\""]}]}""")]
    public void TryCreate_EmptyOrNotWritable_IsRefused(string selector)
    {
        Assert.False(PodSelection.TryCreate(JsonNode.Parse(selector), out _, out string? problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void CalicoNamespaces_AreSorted() =>
        Assert.Equal("""kubernetes.io/metadata.name in { "a", "b" }""", CalicoSelector.Namespaces(["b", "a"]));

    [Fact]
    public void DenyList_IsSortedOnceEachAndBounded()
    {
        var ranges = DenyList.Read(["2001:db8::1/128", "203.0.113.9/32", "203.0.113.7/32", "203.0.113.9/32"]);
        Assert.Equal(["203.0.113.7/32", "203.0.113.9/32", "2001:db8::1/128"], DenyList.Sort(ranges!.Value).Select(range => range.ToString()));
        Assert.Null(DenyList.Read(["203.0.113.7"]));
        ImmutableArray<IPNetwork> most = [.. Enumerable.Range(0, DenyList.MaxAddresses).Select(i => new IPNetwork(new IPAddress([10, 0, (byte)(i / 256), (byte)i]), 32))];
        Assert.Null(DenyList.Check(most));
        Assert.Contains("1000", DenyList.Check(most.Add(NetworkRange.AllIPv4)), StringComparison.Ordinal);
    }

    private static PodSelection Create(string selector) =>
        PodSelection.TryCreate(JsonNode.Parse(selector), out var selection, out string? problem) ? selection : throw new InvalidOperationException(problem);
}
