using Talon.Actors.Tests.Plugins.Rbac;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Policies.Kubernetes;

/// <summary>What <c>kubernetes:networkpolicy</c> writes, to the letter, and what it says of other policies.</summary>
public sealed class KubernetesPolicyFormTests
{
    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        .. RbacScenario.Policies("kubernetes:networkpolicy"),
    ];

    private const string Dns = """
        {"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}}},{"ipBlock":{"cidr":"169.254.20.10/32"}}],
         "ports":[{"protocol":"UDP","port":53},{"protocol":"TCP","port":53}]}
        """;

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"allow_dns":true}""", Dns)]
    [InlineData("""{"allow_cidr":[]}""", "")]
    [InlineData("""{"allow_cidr":["10.1.2.3/32","2001:db8::1/128"],"allow_dns":false}""", """{"to":[{"ipBlock":{"cidr":"10.1.2.3/32"}},{"ipBlock":{"cidr":"2001:db8::1/128"}}]}""")]
    [InlineData("""{"allow_cidr":["0.0.0.0/0","::/0"],"allow_dns":false}""", """{"to":[{"ipBlock":{"cidr":"0.0.0.0/0"}},{"ipBlock":{"cidr":"::/0"}}]}""")]
    [InlineData("""{"allow_cidr":["10.1.2.3/8","10.0.0.0/8"],"allow_dns":false}""", """{"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}}]}""")]
    [InlineData("""{"allow_cidr":["10.0.0.0/8"]}""", """{"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}}]},""" + Dns)]
    [InlineData(
        """{"allow_namespaces":["blue"],"allow_dns":false}""",
        """{"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"blue"}}}]}""")]
    public async Task Run_Allowances_AreWrittenToTheLetter(string parameters, string egress)
    {
        await using var rig = await PolicyRig.StartAsync();

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes, parameters: parameters)));

        string rules = egress.Length == 0 ? "" : $",\"egress\":[{egress}]";
        PolicyRig.AssertJson($$$"""{"podSelector":{"matchLabels":{"app":"cart"}},"policyTypes":["Egress"]{{{rules}}}}""", PolicyRig.Sent(rig));
    }

    [Fact]
    public async Task Run_WhatAnotherWroteIntoIt_IsKeptButForEgress()
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes)));
        rig.Server.Store.Update("networkpolicies", "shop", "talon-cart", policy =>
        {
            policy["metadata"]!["labels"]!["team"] = "blue";
            policy["spec"]!["policyTypes"]!.AsArray().Add("Ingress");
            policy["spec"]!["egress"] = System.Text.Json.Nodes.JsonNode.Parse("""[{"to":[{"ipBlock":{"cidr":"0.0.0.0/0"}}]}]""");
        });

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes)));

        PolicyRig.AssertJson("""{"podSelector":{"matchLabels":{"app":"cart"}},"policyTypes":["Egress","Ingress"]}""", PolicyRig.Sent(rig));
        Assert.Equal("blue", (string?)Objects.Read(rig, "networkpolicies", "talon-cart")["metadata"]!["labels"]!["team"]);
    }

    [Theory]
    [InlineData("""{"podSelector":{},"policyTypes":["Egress"],"egress":[{}]}""", true)]
    [InlineData("""{"podSelector":{"matchLabels":{"app":"cart"}},"policyTypes":["Ingress","Egress"],"egress":[{}]}""", true)]
    [InlineData("""{"podSelector":{"matchExpressions":[{"key":"app","operator":"In","values":["cart"]}]},"policyTypes":["Egress"],"egress":[{}]}""", true)]
    [InlineData("""{"podSelector":{"matchLabels":{"app":"other"}},"policyTypes":["Egress"],"egress":[{}]}""", false)]
    [InlineData("""{"podSelector":{"matchExpressions":[{"key":"app","operator":"NotIn","values":["cart"]}]},"policyTypes":["Egress"],"egress":[{}]}""", false)]
    [InlineData("""{"podSelector":{},"policyTypes":["Egress"]}""", false)]
    [InlineData("""{"podSelector":{},"policyTypes":["Ingress"],"ingress":[{}]}""", false)]
    public async Task Run_OtherPolicy_IsNamedWhereItMayLetTrafficThrough(string spec, bool named)
    {
        await using var rig = await PolicyRig.StartAsync();
        await rig.AddPolicyAsync(PolicyRig.Kubernetes, "open", spec);

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes)));

        Assert.Equal(named, done.Output!.EndsWith("; other policies select the pods and may still let traffic through: open", StringComparison.Ordinal));
    }
}
