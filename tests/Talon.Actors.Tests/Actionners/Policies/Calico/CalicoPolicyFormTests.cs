using System.Net;
using System.Text.Json.Nodes;
using Talon.Actors.Tests.Plugins.Rbac;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Policies.Calico;

/// <summary>What <c>calico:networkpolicy</c> writes, to the letter, and what it says of other policies.</summary>
public sealed class CalicoPolicyFormTests
{
    private const string AllOut = """{"action":"Allow","destination":{"nets":["0.0.0.0/0"]}},{"action":"Allow","destination":{"nets":["::/0"]}}""";

    internal static IEnumerable<RbacScenario> RbacScenarios =>
    [
        .. RbacScenario.Policies("calico:networkpolicy"),
    ];

    private const string Dns = """
        {"action":"Allow","protocol":"UDP","destination":{"namespaceSelector":"kubernetes.io/metadata.name in { \"kube-system\" }","ports":[53]}},
        {"action":"Allow","protocol":"UDP","destination":{"nets":["169.254.20.10/32"],"ports":[53]}},
        {"action":"Allow","protocol":"TCP","destination":{"namespaceSelector":"kubernetes.io/metadata.name in { \"kube-system\" }","ports":[53]}},
        {"action":"Allow","protocol":"TCP","destination":{"nets":["169.254.20.10/32"],"ports":[53]}}
        """;

    [Theory]
    [InlineData("203.0.113.7", "{}", """["203.0.113.7/32"]""", AllOut)]
    [InlineData("2001:db8::7", "{}", """["2001:db8::7/128"]""", AllOut)]
    [InlineData("::ffff:203.0.113.7", "{}", """["203.0.113.7/32"]""", AllOut)]
    [InlineData("203.0.113.7", """{"allow_cidr":[]}""", """["203.0.113.7/32"]""", "")]
    [InlineData("203.0.113.7", """{"allow_cidr":[],"allow_dns":true}""", """["203.0.113.7/32"]""", Dns)]
    [InlineData("203.0.113.7", """{"allow_cidr":["10.0.0.0/8"]}""", """["203.0.113.7/32"]""", """{"action":"Allow","destination":{"nets":["10.0.0.0/8"]}},""" + Dns)]
    [InlineData(
        "203.0.113.7", """{"allow_cidr":["10.0.0.0/8","2001:db8::/32","192.168.0.0/16"],"allow_dns":false}""", """["203.0.113.7/32"]""",
        """{"action":"Allow","destination":{"nets":["10.0.0.0/8","192.168.0.0/16"]}},{"action":"Allow","destination":{"nets":["2001:db8::/32"]}}""")]
    [InlineData(
        "203.0.113.7", """{"allow_namespaces":["green","blue"],"allow_dns":false}""", """["203.0.113.7/32"]""",
        """{"action":"Allow","destination":{"namespaceSelector":"kubernetes.io/metadata.name in { \"blue\", \"green\" }"}}""")]
    public async Task Run_AddressAndAllowances_AreWrittenToTheLetter(string address, string parameters, string denied, string allowed)
    {
        await using var rig = await PolicyRig.StartAsync();

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico, address, parameters)));

        string rules = $$$"""{"action":"Deny","destination":{"nets":{{{denied}}}}}""" + (allowed.Length == 0 ? "" : ",") + allowed;
        PolicyRig.AssertJson($$$"""{"order":0,"selector":"app == \"cart\"","types":["Egress"],"egress":[{{{rules}}}]}""", PolicyRig.Sent(rig));
    }

    /// <summary>Calico's API server refuses a rule that holds addresses of both families.</summary>
    [Fact]
    public async Task Run_AddressesOfBothFamilies_NeverShareARule()
    {
        await using var rig = await PolicyRig.StartAsync();
        foreach (string address in new[] { "203.0.113.7", "2001:db8::7", "198.51.100.1", "2001:db8::1" })
        {
            Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico, address)));
        }

        var egress = PolicyRig.Sent(rig)["egress"]!.AsArray();
        Assert.All(egress, rule => Assert.Single(Nets(rule).Select(net => IPNetwork.Parse(net).BaseAddress.AddressFamily).Distinct()));
        Assert.Equal(["198.51.100.1/32", "203.0.113.7/32"], Nets(egress[0]));
        Assert.Equal(["2001:db8::1/128", "2001:db8::7/128"], Nets(egress[1]));
        Assert.Equal(["Deny", "Deny", "Allow", "Allow"], egress.Select(rule => (string?)rule!["action"]));
    }

    [Fact]
    public async Task Run_RuleThatMixesFamilies_IsTakenApart()
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico)));
        rig.Server.Store.Update(PolicyRig.Resource(PolicyRig.Calico), "shop", "talon-cart", policy =>
            policy["spec"]!["egress"]!.AsArray().Insert(0, JsonNode.Parse("""{"action":"Deny","destination":{"nets":["2001:db8::7/128","198.51.100.1/32"]}}""")));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico)));

        var egress = PolicyRig.Sent(rig)["egress"]!.AsArray();
        Assert.Equal(["198.51.100.1/32", "203.0.113.7/32"], Nets(egress[0]));
        Assert.Equal(["2001:db8::7/128"], Nets(egress[1]));
        Assert.Equal(4, egress.Count);
    }

    [Fact]
    public async Task Run_DenyRuleOfAnother_IsKeptBehindTalonsOwn()
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico)));
        const string Foreign = """{"action":"Deny","protocol":"TCP","destination":{"nets":["192.0.2.0/24"],"ports":[25]}}""";
        rig.Server.Store.Update(PolicyRig.Resource(PolicyRig.Calico), "shop", "talon-cart", policy =>
        {
            policy["spec"]!["egress"]!.AsArray().Insert(0, JsonNode.Parse(Foreign));
            policy["spec"]!["serviceAccountSelector"] = "role == 'none'";
        });

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico)));

        var spec = PolicyRig.Sent(rig);
        PolicyRig.AssertJson(Foreign, spec["egress"]![1]);
        Assert.Null(spec["serviceAccountSelector"]);
    }

    [Theory]
    [InlineData("a-first", """{"order":-1,"types":["Egress"],"egress":[{"action":"Allow"}]}""", "come before it and may still let traffic through: a-first")]
    [InlineData("default.a-first", """{"order":0,"egress":[{"action":"Allow"}]}""", "come before it and may still let traffic through: default.a-first")]
    [InlineData("z-last", """{"order":0,"types":["Egress"],"egress":[{"action":"Deny"}]}""", "come after it and are no longer asked where they select its pods: z-last")]
    [InlineData("default.z-last", """{"order":0,"types":["Egress"],"egress":[{"action":"Deny"}]}""", "come after it and are no longer asked where they select its pods: default.z-last")]
    [InlineData("a-first", """{"types":["Egress"],"egress":[{"action":"Deny"}]}""", "come after it and are no longer asked where they select its pods: a-first")]
    [InlineData("a-first", """{"order":-1,"types":["Ingress"],"ingress":[{"action":"Allow"}]}""", null)]
    public async Task Run_OtherPolicy_IsNamedByItsPlaceInTheOrder(string name, string spec, string? clause)
    {
        await using var rig = await PolicyRig.StartAsync();
        await rig.AddPolicyAsync(PolicyRig.Calico, name, spec);

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico)));

        Assert.EndsWith(clause is null ? "other egress is allowed" : $"; policies of the namespace {clause}", done.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Order_IsWritten()
    {
        await using var rig = await PolicyRig.StartAsync();

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico, parameters: """{"order":-20}""")));

        Assert.Equal(-20, (int)PolicyRig.Sent(rig)["order"]!);
    }

    [Fact]
    public async Task Run_ServerShowsTheTierInTheName_IsStillTheSamePolicy()
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Calico)));
        rig.Server.Store.Update(PolicyRig.Resource(PolicyRig.Calico), "shop", "talon-cart", policy => policy["metadata"]!["labels"]!["projectcalico.org/tier"] = "default");

        var again = Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(rig.Request(PolicyRig.Calico)));

        Assert.StartsWith("already denied", again.Reason, StringComparison.Ordinal);
        Assert.Equal("talon-cart", again.Objects["caliconetworkpolicy"]);
    }

    private static string[] Nets(JsonNode? rule) => [.. rule!["destination"]!["nets"]!.AsArray().Select(net => (string)net!)];
}
