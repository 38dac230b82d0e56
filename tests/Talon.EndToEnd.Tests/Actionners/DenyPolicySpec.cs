using System.Text.Json.Nodes;
using Talon.EndToEnd.Tests.Support;

namespace Talon.EndToEnd.Tests.Actionners;

/// <summary>What <c>calico:networkpolicy</c> and <c>cilium:networkpolicy</c> have in common on any cluster that has their resources.</summary>
public abstract class DenyPolicySpec(ClusterRig rig)
{
    private protected const string Deny = "Deny";
    private protected const string Allow = "Allow";
    private protected const string AllowNoDns = "AllowNoDns";

    private protected ClusterRig Rig { get; } = rig;

    /// <summary>The path of the policies of the namespace.</summary>
    private protected abstract string Path { get; }

    private protected Task<JsonObject?> ReadAsync(string name) => Rig.SendAsync(HttpMethod.Get, $"{Path}/{name}");

    /// <summary>The policy of a Deployment that is denied one address.</summary>
    private protected async Task<JsonObject> DenyOneAsync()
    {
        var pod = await Rig.AddDeploymentAsync("shop");
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Deny, pod, ("fd.rip", "203.0.113.7")));
        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Contains("talon-shop", outcome["objects"], StringComparison.Ordinal);
        Assert.Contains("egress to 203.0.113.7/32 is denied", outcome["output"], StringComparison.Ordinal);
        var policy = (await ReadAsync("talon-shop"))!;
        Assert.Equal("talon", (string?)policy["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]);
        return policy;
    }

    /// <summary>The specification of a policy that denies 203.0.113.7 and 2001:db8::7, each asked for in an event of its own.</summary>
    private protected async Task<JsonNode> DenyMoreAsync()
    {
        var pod = await Rig.AddLabelledPodAsync("more");
        foreach (var (address, status) in ((string, string)[])[("203.0.113.7", "success"), ("2001:db8::7", "success"), ("203.0.113.7", "ignored")])
        {
            Assert.Equal(status, (await Rig.OutcomeAsync(await Rig.PostAsync(Deny, pod, ("fd.sip", address)))).Status);
        }

        Assert.Single(Rig.Requests, r => r is { Verb: "update", Name: "talon-pod-more" });
        return (await ReadAsync("talon-pod-more"))!["spec"]!;
    }

    /// <summary>The egress that a rule leaves a pod.</summary>
    private protected async Task<JsonNode?> EgressAsync(string rule, string name)
    {
        var pod = await Rig.AddLabelledPodAsync(name);
        Assert.Equal("success", (await Rig.OutcomeAsync(await Rig.PostAsync(rule, pod, ("fd.rip", "203.0.113.7")))).Status);
        return (await ReadAsync($"talon-pod-{name}"))!["spec"]!["egress"];
    }

    /// <summary>The specification of a policy <c>talon-pod-foreign</c> of somebody else after Talon has met it.</summary>
    private protected async Task<JsonNode> MeetForeignAsync(string manifest)
    {
        var pod = await Rig.AddLabelledPodAsync("foreign");
        await Rig.SendAsync(HttpMethod.Post, Path, JsonNode.Parse(manifest)!.AsObject());
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Deny, pod, ("fd.rip", "203.0.113.7")));
        Assert.Equal(("failure", "conflict"), (outcome.Status, outcome.Result));
        return (await ReadAsync("talon-pod-foreign"))!["spec"]!;
    }

    private protected async Task FailWithoutAddressAsync(string name, string? address)
    {
        var pod = await Rig.AddLabelledPodAsync(name);
        var outcome = await Rig.OutcomeAsync(await Rig.PostAsync(Deny, pod, ("fd.rip", address)));
        Assert.Equal(("failure", "invalid"), (outcome.Status, outcome.Result));
        Assert.Null(await ReadAsync($"talon-pod-{name}"));
    }

    /// <summary>The rules of both classes, and those that only one has.</summary>
    private protected static string RulesOf(string actionner, params string[] own) => string.Join(
        '\n',
        [
            SpecRules.Of(Deny, actionner),
            SpecRules.Of(Allow, actionner, "    allow_cidr:\n      - 10.1.0.0/16\n    allow_namespaces:\n      - monitoring\n"),
            SpecRules.Of(AllowNoDns, actionner, "    allow_cidr:\n      - 10.1.0.0/16\n    allow_dns: false\n"),
            .. own,
        ]);
}
