using System.Net;
using System.Text;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Actionners.Captures;
using Talon.Actors.Tests.Actionners.Policies;
using Talon.Actors.Tests.Actionners.Removal.Drain;
using Talon.KubeApi;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners;

/// <summary>Every write of every actionner meets a 409 (the object has been modified): it is made again on what is read anew.</summary>
public sealed class ConflictTests
{
    /// <summary>Actionner, parameters, verb and resource of the write, and the status of its success.</summary>
    public static TheoryData<string, string, string, string, int> Writes => new()
    {
        { "kubernetes:terminate", "{}", "delete", "pods", 200 },
        { "kubernetes:terminate", """{"min_healthy_replicas":"0"}""", "delete", "pods", 200 },
        { "kubernetes:label", """{"labels":{"a":"b"}}""", "patch", "pods", 200 },
        { "kubernetes:label", """{"labels":{"a":"b"},"level":"node"}""", "patch", "nodes", 200 },
        { "kubernetes:annotation", """{"annotations":{"a":"b"}}""", "patch", "pods", 200 },
        { "kubernetes:annotation", """{"annotations":{"a":"b"},"level":"node"}""", "patch", "nodes", 200 },
        { "kubernetes:cordon", "{}", "patch", "nodes", 200 },
        { "kubernetes:drain", "{}", "patch", "nodes", 200 },
        { "kubernetes:drain", "{}", "create", "pods", 201 },
        { "kubernetes:drain", """{"min_healthy_replicas":"0"}""", "create", "pods", 201 },
        { "kubernetes:delete", "{}", "delete", "pods", 200 },
        { "kubernetes:networkpolicy", "{}", "update", "networkpolicies", 200 },
        { "calico:networkpolicy", "{}", "update", "networkpolicies", 200 },
        { "cilium:networkpolicy", "{}", "update", "ciliumnetworkpolicies", 200 },
        { "kubernetes:tcpdump", """{"duration":1}""", "patch", "pods", 200 },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Run_OneConflict_IsWrittenAgainInTheSameAttempt(string actionner, string parameters, string verb, string resource, int success)
    {
        await using var rig = await StartAsync(actionner);
        rig.Server.Faults.Add(FaultRule.Answer(409, 1, verb) with { Resource = resource });

        var outcome = await rig.RunAsync(Request(actionner, parameters));

        Assert.True(outcome is ActionOutcome.Succeeded, outcome.ToString());
        Assert.Equal([409, success], rig.Writes.Where(write => write.Verb == verb && write.Resource == resource).Select(write => write.Status));
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Run_AlwaysAConflict_IsAFailureThatHasTriedTenTimes(string actionner, string parameters, string verb, string resource, int success)
    {
        Assert.InRange(success, 200, 201);
        await using var rig = await StartAsync(actionner);
        rig.Server.Faults.Add(FaultRule.Answer(409, null, verb) with { Resource = resource });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(Request(actionner, parameters)));

        // A drain counts what it could not evict.
        Assert.True(failed.Kind == FailureKind.Conflict || failed.Reason.Contains("1 failed; the first: cannot evict", StringComparison.Ordinal), failed.ToString());
        Assert.Equal(Enumerable.Repeat(409, 10), rig.Writes.Where(write => write.Verb == verb && write.Resource == resource).Select(write => write.Status));
    }

    /// <summary>Each lost try wrote nothing, so the action may be tried again.</summary>
    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Run_DeadlineInThePauseAfterAConflict_IsNotFinal(string actionner, string parameters, string verb, string resource, int success)
    {
        Assert.InRange(success, 200, 201);
        using var deadline = new CancellationTokenSource();
        var clock = new CutPause(deadline);
        await using var rig = await StartAsync(actionner, clock: clock);
        var conflict = FaultRule.Answer(409, null, verb) with { Resource = resource };
        rig.Server.Faults.Add(conflict);
        clock.IsDue = () => rig.Server.Faults.HitsOf(conflict) > 0;

        var failed = Assert.IsType<ActionOutcome.Failed>(
            await rig.RunAsync(Request(actionner, parameters), ActionnerRig.Scope(token: deadline.Token)));

        // A drain that was cut off among its evictions has cordoned the node.
        Assert.Equal(actionner == "kubernetes:drain" && verb == "create" ? FailureKind.Timeout : FailureKind.NotSent, failed.Kind);
        Assert.Equal([409], rig.Writes.Where(write => write.Verb == verb && write.Resource == resource).Select(write => write.Status));
    }

    /// <summary>The conflict came from the end of the object: another one has its name by the next look, and is left alone.</summary>
    [Theory]
    [InlineData("kubernetes:terminate", "{}", "DELETE")]
    [InlineData("kubernetes:terminate", """{"min_healthy_replicas":"0"}""", "DELETE")]
    [InlineData("kubernetes:label", """{"labels":{"a":"b"}}""", "PATCH")]
    [InlineData("kubernetes:annotation", """{"annotations":{"a":"b"}}""", "PATCH")]
    [InlineData("kubernetes:delete", "{}", "DELETE")]
    [InlineData("kubernetes:tcpdump", """{"duration":1}""", "PATCH")]
    public async Task Run_ConflictAndAnotherPodOfTheName_IsIgnoredAndTheNewcomerLeftAlone(string actionner, string parameters, string method)
    {
        ActionnerRig? started = null;
        StoredObject? newcomer = null;
        await using var rig = await StartAsync(actionner, new ConflictOnce(method, () =>
        {
            started!.Server.Store.Remove("pods", "shop", "cart-0");
            newcomer = started.Server.Store.AddPod("shop", "cart-0", new PodSeed { NodeName = "node1" });
        }));
        started = rig;

        var ignored = Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request(actionner, parameters)));

        Assert.Contains("was replaced since the event", ignored.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, rig.Server.Effects.CountFor(newcomer!.Uid));
        Assert.DoesNotContain(rig.Server.Requests.All, request => request.Method == method);
    }

    /// <summary>It is decided anew: what the other one wrote may be what was asked for, or be in its way.</summary>
    [Theory]
    [InlineData("kubernetes:label", """{"labels":{"a":"b"}}""", "labels already set")]
    [InlineData("kubernetes:terminate", "{}", "terminating")]
    [InlineData("kubernetes:delete", "{}", "terminating")]
    [InlineData("kubernetes:cordon", "{}", "the node node1 is already cordoned")]
    public async Task Run_ConflictWithOneThatDidTheSame_IsIgnored(string actionner, string parameters, string reason)
    {
        ActionnerRig? started = null;
        await using var rig = await StartAsync(actionner, new ConflictOnce(null, () =>
        {
            started!.Server.Store.Update("pods", "shop", "cart-0", pod =>
            {
                pod["metadata"]!["labels"]!["a"] = "b";
                pod["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
                pod["metadata"]!["deletionGracePeriodSeconds"] = 30;
            });
            started.Server.Store.Update("nodes", null, "node1", node => node["spec"]!["unschedulable"] = true);
        }));
        started = rig;

        Assert.Equal(reason, Assert.IsType<ActionOutcome.Ignored>(await rig.RunAsync(Request(actionner, parameters))).Reason);
    }

    [Fact]
    public async Task Job_DeletionMeetsAConflict_IsDeletedAllTheSame()
    {
        await using var rig = await StartAsync("kubernetes:sysdig");
        rig.Server.Faults.Add(FaultRule.Answer(409, 1, "delete") with { Resource = "jobs" });

        await rig.RunAsync(Request("kubernetes:sysdig", """{"duration":1}"""));

        Assert.Empty(rig.Server.Store.List("jobs"));
        Assert.Equal([409, 200], rig.Writes.Where(write => write is { Verb: "delete", Resource: "jobs" }).Select(write => write.Status));
    }

    private static async Task<ActionnerRig> StartAsync(string actionner, DelegatingHandler? handler = null, TimeProvider? clock = null)
    {
        var rig = await ActionnerRig.StartAsync(
            new KubeApiOptions { GraceTimeScale = 0.01 }, handler is null ? null : [() => handler], clock: clock ?? new HurriedClock(10));
        rig.Server.Store.AddNamespace("talon");
        rig.Server.Store.AddPod("shop", "cart-0", DrainRig.Seed());
        CaptureWork.AddPrograms(rig);
        if (actionner.EndsWith(":networkpolicy", StringComparison.Ordinal))
        {
            // So that the next one is a change of what is there.
            Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(PolicyRig.RequestFor("cart-0", actionner, parameters: """{"allow_cidr":["192.0.2.0/24"]}""")));
            rig.Server.Requests.Clear();
        }

        return rig;
    }

    private static ActionRequest Request(string actionner, string parameters)
    {
        var request = PolicyRig.RequestFor("cart-0", actionner, parameters: parameters);
        return actionner switch
        {
            "kubernetes:delete" => request with
            {
                Event = TestEvents.Audit(
                    ActionnerRig.Later(), ("ka.target.resource", "pods"), ("ka.target.name", "cart-0"), ("ka.target.namespace", "shop")),
            },
            "kubernetes:tcpdump" or "kubernetes:sysdig" => request with { Output = new MemoryOutput().Store() },
            _ => request,
        };
    }

    /// <summary>Ends the attempt when a wait begins that is due to be cut.</summary>
    private sealed class CutPause(CancellationTokenSource deadline) : TimeProvider
    {
        public Func<bool> IsDue { get; set; } = () => false;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (IsDue())
            {
                deadline.Cancel();
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    /// <summary>Answers the first write with a conflict, after something else has been done.</summary>
    private sealed class ConflictOnce(string? method, Action meanwhile) : DelegatingHandler
    {
        private bool _done;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            bool fits = method is null ? request.Method != HttpMethod.Get : request.Method.Method == method;
            if (_done || !fits)
            {
                return await base.SendAsync(request, cancellationToken);
            }

            _done = true;
            meanwhile();
            const string Status = """{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Conflict","message":"the object has been modified","code":409}""";
            return new HttpResponseMessage(HttpStatusCode.Conflict) { RequestMessage = request, Content = new StringContent(Status, Encoding.UTF8, "application/json") };
        }
    }
}
