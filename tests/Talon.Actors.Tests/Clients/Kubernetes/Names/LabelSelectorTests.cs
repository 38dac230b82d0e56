using k8s.Models;
using Talon.Actors.Clients.Kubernetes.Names;

namespace Talon.Actors.Tests.Clients.Kubernetes.Names;

public sealed class LabelSelectorTests
{
    [Fact]
    public void TryCreate_LabelsAndExpressions_AreJoined()
    {
        var from = new V1LabelSelector
        {
            MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "web" },
            MatchExpressions =
            [
                new V1LabelSelectorRequirement { Key = "tier", OperatorProperty = "In", Values = ["a", "b"] },
                new V1LabelSelectorRequirement { Key = "env", OperatorProperty = "NotIn", Values = ["dev"] },
                new V1LabelSelectorRequirement { Key = "hash", OperatorProperty = "Exists" },
                new V1LabelSelectorRequirement { Key = "old", OperatorProperty = "DoesNotExist" },
            ],
        };

        Assert.True(LabelSelector.TryCreate(from, out var selector));
        Assert.Equal("app=web,tier in (a,b),env notin (dev),hash,!old", selector.Value);
    }

    [Fact]
    public void TryCreate_Nothing_IsRefusedBecauseItWouldSelectEverything()
    {
        Assert.False(LabelSelector.TryCreate(null, out _));
        Assert.False(LabelSelector.TryCreate(new V1LabelSelector(), out _));
    }

    [Fact]
    public void TryCreate_UnknownOperator_IsRefused() => Assert.False(LabelSelector.TryCreate(
        new V1LabelSelector
        {
            MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "web" },
            MatchExpressions = [new V1LabelSelectorRequirement { Key = "x", OperatorProperty = "Near", Values = ["a"] }],
        },
        out _));
}
