using System.Text.Json.Nodes;
using Talon.Actors.Plugins;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Policies;

/// <summary>How the three network policies are written: whose they must be, who comes between, and what can fail.</summary>
public sealed class PolicyWriterTests
{
    private const string Managed = ""","labels":{"app.kubernetes.io/managed-by":"talon"}""";

    public static TheoryData<string> Policies => PolicyRig.All;

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_ForeignPolicyOfTheName_IsLeftAsItIs(string actionner)
    {
        await using var rig = await PolicyRig.StartAsync();
        var before = await rig.AddPolicyAsync(actionner, "talon-cart", "{}", ""","labels":{"app.kubernetes.io/managed-by":"helm"}""");

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(actionner)));

        Assert.Equal(FailureKind.Conflict, failed.Kind);
        Assert.Contains("talon-cart exists and is left as it is: it is not managed by Talon", failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
        Assert.True(JsonNode.DeepEquals(before, Objects.Read(rig, PolicyRig.Resource(actionner), "talon-cart")));
    }

    /// <summary>A workload that was deleted and made again has another uid and the same name: an attack on it must not meet a refusal.</summary>
    [Theory]
    [InlineData(PolicyRig.Kubernetes)]
    [InlineData(PolicyRig.Calico)]
    [InlineData(PolicyRig.Cilium)]
    public async Task Run_PolicyOfAnEarlierWorkloadOfTheName_IsTakenOverWithWhatItDenies(string actionner)
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner, "198.51.100.1")));
        string uid = (string)Annotations()["talon/owner-uid"]!;
        rig.Server.Store.Update(PolicyRig.Resource(actionner), "shop", "talon-cart", policy => policy["metadata"]!["annotations"]!["talon/owner-uid"] = "of-the-one-before");

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner)));

        Assert.Contains("was updated for the Deployment cart", done.Output, StringComparison.Ordinal);
        Assert.Equal(uid, (string?)Annotations()["talon/owner-uid"]);
        string spec = PolicyRig.Sent(rig).ToJsonString();
        Assert.Equal(actionner != PolicyRig.Kubernetes, spec.Contains("198.51.100.1/32", StringComparison.Ordinal));

        JsonNode Annotations() => Objects.Read(rig, PolicyRig.Resource(actionner), "talon-cart")["metadata"]!["annotations"]!;
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_PolicyWithTheLabelAlone_IsLeftAsItIs(string actionner)
    {
        await using var rig = await PolicyRig.StartAsync();
        await rig.AddPolicyAsync(actionner, "talon-cart", "{}", Managed);

        Assert.Contains("no kind without name", Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(actionner))).Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_ForeignPolicyMadeBetweenReadAndWrite_IsLeftAsItIs(string actionner)
    {
        ActionnerRig? started = null;
        bool made = false;
        await using var rig = await PolicyRig.StartAsync(before: async request =>
        {
            if (request.Method == HttpMethod.Post && !made)
            {
                made = true;
                await started!.AddPolicyAsync(actionner, "talon-cart", "{}");
            }
        });
        started = rig;

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(actionner)));

        Assert.Contains("not managed by Talon", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(409, Assert.Single(rig.Writes).Status);
        Assert.Null(Objects.Read(rig, PolicyRig.Resource(actionner), "talon-cart")["metadata"]!["labels"]);
    }

    /// <summary>Two nodes make the policy of one workload at once: the second finds that it exists, and adds its address to it.</summary>
    [Theory]
    [InlineData(PolicyRig.Calico)]
    [InlineData(PolicyRig.Cilium)]
    public async Task Run_CreateRace_EndsWithBothAddresses(string actionner)
    {
        ActionnerRig? started = null;
        bool raced = false;
        await using var rig = await PolicyRig.StartAsync(before: async request =>
        {
            if (request.Method == HttpMethod.Post && !raced)
            {
                raced = true;
                Assert.IsType<ActionOutcome.Succeeded>(await started!.RunAsAdministratorAsync(started!.Request(actionner, "198.51.100.1")));
            }
        });
        started = rig;

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner)));

        Assert.Equal([("POST", 409), ("PUT", 200)], rig.Writes.Select(write => (write.Method, write.Status)));
        string spec = Objects.Read(rig, PolicyRig.Resource(actionner), "talon-cart")["spec"]!.ToJsonString();
        Assert.Contains("""["198.51.100.1/32","203.0.113.7/32"]""", spec, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PolicyRig.Calico)]
    [InlineData(PolicyRig.Cilium)]
    public async Task Run_ChangedBetweenReadAndWrite_IsMadeAgainOnWhatThatLeft(string actionner)
    {
        ActionnerRig? started = null;
        int changes = 0;
        await using var rig = await PolicyRig.StartAsync(before: async request =>
        {
            if (request.Method == HttpMethod.Put && changes < 2)
            {
                changes++;
                Assert.IsType<ActionOutcome.Succeeded>(await started!.RunAsAdministratorAsync(started!.Request(actionner, $"198.51.100.{changes}")));
            }
        });
        started = rig;
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner)));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner, "203.0.113.8")));

        string spec = Objects.Read(rig, PolicyRig.Resource(actionner), "talon-cart")["spec"]!.ToJsonString();
        Assert.Equal(2, changes);
        Assert.Contains("""["198.51.100.1/32","198.51.100.2/32","203.0.113.7/32","203.0.113.8/32"]""", spec, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PolicyRig.Calico)]
    [InlineData(PolicyRig.Cilium)]
    public async Task Run_RemovedBetweenReadAndWrite_IsCreatedAgain(string actionner)
    {
        ActionnerRig? started = null;
        bool removed = false;
        await using var rig = await PolicyRig.StartAsync(before: request =>
        {
            if (request.Method == HttpMethod.Put && !removed)
            {
                removed = started!.Server.Store.Remove(PolicyRig.Resource(actionner), "shop", "talon-cart");
            }

            return Task.CompletedTask;
        });
        started = rig;
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner)));

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner, "203.0.113.8")));

        Assert.True(removed);
        Assert.Contains("203.0.113.8/32", PolicyRig.Sent(rig).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("POST", rig.Writes[^1].Method);
    }

    [Fact]
    public async Task Run_ConflictEachTime_EndsAfterTenTries()
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Cilium)));
        rig.Server.Requests.Clear();
        rig.Server.Faults.Add(FaultRule.Answer(409, null, "update"));

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(PolicyRig.Cilium, "203.0.113.8")));

        Assert.Equal(FailureKind.Conflict, failed.Kind);
        Assert.Contains("was changed by others each of the 10 times", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(10, rig.Writes.Count);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_TheSameAgain_WritesNothingAndIsIgnored(string actionner)
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner)));
        string version = Version(rig, actionner);

        var again = Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(rig.Request(actionner)));

        Assert.StartsWith("already ", again.Reason, StringComparison.Ordinal);
        Assert.Single(rig.Writes);
        Assert.Equal(version, Version(rig, actionner));
    }

    [Theory]
    [InlineData(PolicyRig.Calico, "203.0.113.7", "::ffff:203.0.113.7")]
    [InlineData(PolicyRig.Cilium, "203.0.113.7", "::ffff:203.0.113.7")]
    [InlineData(PolicyRig.Calico, "2001:db8::7", "2001:DB8:0:0::7")]
    [InlineData(PolicyRig.Cilium, "2001:db8::7", "2001:DB8:0:0::7")]
    public async Task Run_TheSameAddressInAnotherForm_WritesNothing(string actionner, string first, string second)
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner, first)));

        Assert.StartsWith("already denied", Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(rig.Request(actionner, second))).Reason, StringComparison.Ordinal);
        Assert.Single(rig.Writes);
    }

    [Theory]
    [InlineData(PolicyRig.Calico)]
    [InlineData(PolicyRig.Cilium)]
    public async Task Run_MoreAddressesThanAPolicyHolds_IsRefusedAndSaysSo(string actionner)
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner)));
        rig.Server.Store.Update(PolicyRig.Resource(actionner), "shop", "talon-cart", policy =>
        {
            var nets = new JsonArray([.. Enumerable.Range(0, 1000).Select(i => (JsonNode)$"198.51.{100 + (i / 256)}.{i % 256}/32")]);
            var spec = policy["spec"]!;
            (actionner == PolicyRig.Calico ? spec["egress"]![0]!["destination"]! : spec["egressDeny"]![0]!)[actionner == PolicyRig.Calico ? "nets" : "toCIDR"] = nets;
        });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(actionner, "203.0.113.9")));

        Assert.Equal(FailureKind.Invalid, failed.Kind);
        Assert.Contains("already denies 1000 addresses", failed.Reason, StringComparison.Ordinal);
        Assert.Single(rig.Writes);
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(422, FailureKind.Rejected)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerError)]
    [InlineData(503, FailureKind.ServerError)]
    public async Task Run_WriteAnswered_IsAFailureOfItsKindAfterOneTry(int status, FailureKind kind)
    {
        foreach (string actionner in PolicyRig.Names)
        {
            await using var rig = await PolicyRig.StartAsync();
            rig.Server.Faults.Add(FaultRule.Answer(status, null, "create") with { RetryAfterSeconds = status == 429 ? 7 : null });

            var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(actionner)));

            Assert.Equal(kind, failed.Kind);
            Assert.Equal(status == 429 ? TimeSpan.FromSeconds(7) : null, failed.RetryAfter);
            Assert.Equal("shop", failed.Objects["namespace"]);
            Assert.Single(rig.Writes);
            Assert.DoesNotContain(ActionnerRig.Token, failed.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerError)]
    public async Task Run_PolicyCannotBeRead_WritesNothing(int status, FailureKind kind)
    {
        foreach (string actionner in PolicyRig.Names)
        {
            await using var rig = await PolicyRig.StartAsync();
            rig.Server.Faults.Add(FaultRule.Answer(status, null, "get") with { Name = "^talon-cart$" });

            Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(actionner))).Kind);
            Assert.Empty(rig.Writes);
        }
    }

    /// <summary>Whether the policy was written is not known; the next attempt finds it as asked and writes nothing more.</summary>
    [Theory]
    [InlineData(FaultKind.ResetAfterEffect, FailureKind.ConnectionLost)]
    [InlineData(FaultKind.StallHeaders, FailureKind.Timeout)]
    [InlineData(FaultKind.StallBody, FailureKind.Timeout)]
    public async Task Run_AnswerLost_TheNextAttemptMakesItOneEffect(FaultKind fault, FailureKind kind)
    {
        foreach (string actionner in PolicyRig.Names)
        {
            await using var rig = await PolicyRig.StartAsync();
            rig.Server.Faults.Add(FaultRule.Of(fault, 1, "create"));
            using var deadline = new CancellationTokenSource();
            if (kind == FailureKind.Timeout)
            {
                deadline.CancelAfter(TimeSpan.FromSeconds(1));
            }

            var request = rig.Request(actionner);
            var ready = Assert.IsType<Preparation.Ready>(await rig.Find(actionner).PrepareAsync(request, ActionnerRig.Scope()));
            var outcome = await rig.Find(actionner).RunAsync(request, ready, ActionnerRig.Scope(token: deadline.Token)).WaitAsync(TimeSpan.FromSeconds(20));

            Assert.Equal(kind, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
            Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(request with { EarlierTarget = ready.Target }));
            Assert.Equal(1, rig.Server.Effects.CountFor((string)Objects.Read(rig, PolicyRig.Resource(actionner), "talon-cart")["metadata"]!["uid"]!));
            Assert.Single(rig.Writes);
        }
    }

    [Theory]
    [InlineData(PolicyRig.Calico, "projectcalico.org", "does not serve networkpolicies of projectcalico.org/v3: is the Calico API server installed?")]
    [InlineData(PolicyRig.Cilium, "cilium.io", "does not serve ciliumnetworkpolicies of cilium.io/v2: are Cilium and its CustomResourceDefinitions installed?")]
    public async Task Run_GroupNotServed_SaysWhatIsMissing(string actionner, string group, string reason)
    {
        await using var rig = await PolicyRig.StartAsync(new KubeApiOptions { AbsentGroups = [group] });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(actionner)));

        Assert.Equal(FailureKind.NotFound, failed.Kind);
        Assert.EndsWith(reason, failed.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_OthersCannotBeListed_IsSuccessThatSaysItIsNotKnown(string actionner)
    {
        await using var rig = await PolicyRig.StartAsync();
        rig.Server.Faults.Add(FaultRule.Answer(403, null, "list"));

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(actionner)));

        Assert.Contains("; whether other policies let traffic through is not known: cannot list", done.Output, StringComparison.Ordinal);
    }

    /// <summary>That all is done already is no reason to keep quiet about what still gets through.</summary>
    [Fact]
    public async Task Run_TheSameAgain_StillNamesOtherPolicies()
    {
        await using var rig = await PolicyRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes)));
        await rig.AddPolicyAsync(PolicyRig.Kubernetes, "open", """{"podSelector":{},"policyTypes":["Egress"],"egress":[{}]}""");

        var again = Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes)));

        Assert.StartsWith("already isolated", again.Reason, StringComparison.Ordinal);
        Assert.EndsWith("; other policies select the pods and may still let traffic through: open", again.Reason, StringComparison.Ordinal);
        Assert.Empty(rig.Writes);
    }

    [Fact]
    public async Task Run_ManyOtherPolicies_AreNamedInPart()
    {
        await using var rig = await PolicyRig.StartAsync();
        foreach (int i in Enumerable.Range(1, 7))
        {
            await rig.AddPolicyAsync(PolicyRig.Kubernetes, $"open-{i}", """{"podSelector":{},"policyTypes":["Egress"],"egress":[{}]}""");
        }

        Assert.EndsWith(
            ": open-1, open-2, open-3, open-4, open-5 and 2 more",
            Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(rig.Request(PolicyRig.Kubernetes))).Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Run_DeadlinePassed_DoesNotSendTheWrite(string actionner)
    {
        await using var rig = await PolicyRig.StartAsync();
        var request = rig.Request(actionner);
        var ready = Assert.IsType<Preparation.Ready>(await rig.Find(actionner).PrepareAsync(request, ActionnerRig.Scope()));

        var outcome = await rig.Find(actionner).RunAsync(request, ready, ActionnerRig.Scope(timeout: TimeSpan.Zero));

        Assert.Equal(FailureKind.NotSent, Assert.IsType<ActionOutcome.Failed>(outcome).Kind);
        Assert.Empty(rig.Writes);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("not-an-address")]
    [InlineData("203.0.113.7:443")]
    [InlineData("203.0.113.0/24")]
    public async Task Run_AddressThatCannotBeDenied_IsAFailureBeforeAnyRequest(string address)
    {
        await using var rig = await PolicyRig.StartAsync();
        foreach (string actionner in new[] { PolicyRig.Calico, PolicyRig.Cilium })
        {
            Assert.Equal(FailureKind.Invalid, Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(rig.Request(actionner, address))).Kind);
        }

        Assert.Empty(rig.Server.Requests.All);
    }

    private static string Version(ActionnerRig rig, string actionner) =>
        (string)Objects.Read(rig, PolicyRig.Resource(actionner), "talon-cart")["metadata"]!["resourceVersion"]!;
}
