using System.Text.Json.Nodes;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Policies.Cilium;

/// <summary>What <c>cilium:networkpolicy</c> writes, to the letter, and what it says of other policies.</summary>
public sealed class CiliumPolicyFormTests
{
    private const string AllOut = """{"toEntities":["all"]}""";

    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        .. RbacScenario.Policies("cilium:networkpolicy"),
    ];

    private const string Dns = """
        {"toEndpoints":[{"matchExpressions":[{"key":"k8s:io.kubernetes.pod.namespace","operator":"In","values":["kube-system"]}]}],
         "toPorts":[{"ports":[{"port":"53","protocol":"UDP"},{"port":"53","protocol":"TCP"}]}]}
        """;

    [Theory]
    [InlineData("203.0.113.7", "{}", """["203.0.113.7/32"]""", AllOut)]
    [InlineData("2001:DB8:0::7", "{}", """["2001:db8::7/128"]""", AllOut)]
    [InlineData("203.0.113.7", """{"allow_cidr":["0.0.0.0/0","::/0"]}""", """["203.0.113.7/32"]""", AllOut)]
    [InlineData("203.0.113.7", """{"allow_cidr":["::/0"],"allow_dns":false}""", """["203.0.113.7/32"]""", """{"toCIDR":["::/0"]}""")]
    [InlineData("203.0.113.7", """{"allow_cidr":[]}""", """["203.0.113.7/32"]""", "{}")]
    [InlineData("203.0.113.7", """{"allow_cidr":[],"allow_dns":true}""", """["203.0.113.7/32"]""", Dns)]
    [InlineData("203.0.113.7", """{"allow_cidr":["10.0.0.0/8","2001:db8::/32"]}""", """["203.0.113.7/32"]""", """{"toCIDR":["10.0.0.0/8","2001:db8::/32"]},""" + Dns)]
    [InlineData(
        "203.0.113.7", """{"allow_namespaces":["green","blue"],"allow_dns":false}""", """["203.0.113.7/32"]""",
        """{"toEndpoints":[{"matchExpressions":[{"key":"k8s:io.kubernetes.pod.namespace","operator":"In","values":["blue","green"]}]}]}""")]
    public async Task Run_AddressAndAllowances_AreWrittenToTheLetter(string address, string parameters, string denied, string allowed)
    {
        await using var rig = await PolicyRig.StartAsync();

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Cilium, address, parameters)));

        PolicyRig.AssertJson(
            $$$"""
            {"description":"Kept by Talon for a workload that an event was about.","endpointSelector":{"matchLabels":{"k8s:app":"cart"}},
             "egressDeny":[{"toCIDR":{{{denied}}}}],"egress":[{{{allowed}}}]}
            """,
            PolicyRig.Sent(rig));
    }

    [Fact]
    public async Task Run_SelectorWithExpressions_HasTheSourceInFrontOfEveryKey()
    {
        await using var rig = await ActionnerRig.StartAsync();
        await Objects.CreateWorkloadAsync(rig, "Deployment", "cart", """{"app.kubernetes.io/name":"cart","tier":"web"}""", """
            {"matchLabels":{"app.kubernetes.io/name":"cart"},"matchExpressions":[{"key":"tier","operator":"In","values":["web"]},{"key":"old","operator":"DoesNotExist"}]}
            """);

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Cilium)));

        PolicyRig.AssertJson(
            """
            {"matchLabels":{"k8s:app.kubernetes.io/name":"cart"},
             "matchExpressions":[{"key":"k8s:old","operator":"DoesNotExist"},{"key":"k8s:tier","operator":"In","values":["web"]}]}
            """,
            PolicyRig.Sent(rig)["endpointSelector"]);
    }

    [Fact]
    public async Task Run_WhatAnotherWroteIntoIt_IsKeptButForWhatOpensIt()
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Cilium)));
        const string Foreign = """{"toFQDNs":[{"matchName":"example.com"}]}""";
        rig.Server.Store.Update("ciliumnetworkpolicies", "shop", "talon-cart", policy =>
        {
            policy["spec"]!["egressDeny"]!.AsArray().Add(JsonNode.Parse(Foreign));
            policy["spec"]!["enableDefaultDeny"] = JsonNode.Parse("""{"egress":false,"ingress":false}""");
        });

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Cilium)));

        var spec = PolicyRig.Sent(rig);
        PolicyRig.AssertJson(Foreign, spec["egressDeny"]![1]);
        PolicyRig.AssertJson("""{"ingress":false}""", spec["enableDefaultDeny"]);
    }

    [Fact]
    public async Task Run_PolicyWithSpecsBesideItsSpec_IsLeftAsItIs()
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Cilium)));
        rig.Server.Store.Update("ciliumnetworkpolicies", "shop", "talon-cart", policy => policy["specs"] = JsonNode.Parse("[{}]"));

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(PolicyRig.Cilium, "203.0.113.8")));

        Assert.Equal(FailureKind.Invalid, failed.Kind);
        Assert.Single(rig.Writes);
    }

    [Theory]
    [InlineData("""{"endpointSelector":{"matchLabels":{"app":"cart"}},"egress":[{"toEntities":["world"]}]}""", true)]
    [InlineData("""{"endpointSelector":{"matchLabels":{"k8s:app":"cart"}},"egress":[{"toEntities":["world"]}]}""", true)]
    [InlineData("""{"endpointSelector":{"matchLabels":{"any:app":"cart","k8s:io.kubernetes.pod.namespace":"shop"}},"egress":[{}]}""", true)]
    [InlineData("""{"endpointSelector":{},"egress":[{"toEntities":["world"]}]}""", true)]
    [InlineData("""{"endpointSelector":{"matchLabels":{"k8s:io.cilium.k8s.policy.cluster":"c1"}},"egress":[{"toEntities":["world"]}]}""", true)]
    [InlineData("""{"endpointSelector":{"matchLabels":{"k8s:app":"other"}},"egress":[{"toEntities":["world"]}]}""", false)]
    [InlineData("""{"endpointSelector":{"matchLabels":{"k8s:io.kubernetes.pod.namespace":"other"}},"egress":[{}]}""", false)]
    [InlineData("""{"endpointSelector":{},"ingress":[{"fromEntities":["all"]}]}""", false)]
    public async Task Run_OtherPolicy_IsNamedWhereItSelectsThePods(string spec, bool named)
    {
        await using var rig = await PolicyRig.StartAsync();
        await rig.AddPolicyAsync(PolicyRig.Cilium, "open", spec);

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Cilium, parameters: """{"allow_cidr":["10.0.0.0/8"]}""")));

        Assert.Equal(named, done.Output!.EndsWith("; other policies select the pods and may still let other traffic through: open", StringComparison.Ordinal));
    }
}
