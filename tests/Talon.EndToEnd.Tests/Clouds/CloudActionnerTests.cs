using Microsoft.AspNetCore.Http;
using Talon.CloudApi.Aws;
using Talon.CloudApi.Google;

namespace Talon.EndToEnd.Tests.Clouds;

/// <summary>
/// What <c>aws:lambda</c> and <c>gcp:function</c> do when the other side is gone, refuses, throttles, is slow, cuts the line, and when the node dies:
/// nothing is called twice unless it provably was not called.
/// </summary>
public sealed class CloudActionnerTests(CloudRig rig) : IClassFixture<CloudRig>
{
    public static TheoryData<string> Actionners => ["aws:lambda", "gcp:function"];

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Run_AllIsWell_IsCalledOnceWithTheEventAndItsKey(string actionner)
    {
        string pod = PodOf(actionner, "well");
        await rig.PostAsync(CloudRules.RuleOf(actionner), pod);

        var outcome = await rig.OutcomeAsync(pod);

        Assert.True(outcome.Status == "success", outcome.Text);
        string call = Assert.Single(CallsFor(actionner, pod));
        Assert.Contains($"\"talon.idempotency_key\":\"{outcome["event_key"]}/0\"", call.Replace("\": \"", "\":\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Run_FunctionIsGone_IsNotFound(string actionner)
    {
        string pod = PodOf(actionner, "gone");
        await rig.PostAsync(CloudRules.RuleOf(actionner, "absent"), pod);

        var outcome = await rig.OutcomeAsync(pod);

        Assert.Equal(("failure", "not_found"), (outcome.Status, outcome.Result));
        Assert.Empty(CallsFor(actionner, pod));
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Run_CallIsRefused_IsForbiddenAtOnce(string actionner)
    {
        string pod = PodOf(actionner, "refused");
        FailNextCall(actionner, 403);
        await rig.PostAsync(CloudRules.RuleOf(actionner), pod);

        var outcome = await rig.OutcomeAsync(pod);

        Assert.Equal(("failure", "forbidden"), (outcome.Status, outcome.Result));
        Assert.Empty(rig.RetriesOf(pod));
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Run_Throttled_WaitsAsAskedAndIsCalledOnce(string actionner)
    {
        string pod = PodOf(actionner, "throttled");
        FailNextCall(actionner, 429);
        await rig.PostAsync(CloudRules.RuleOf(actionner), pod);

        var outcome = await rig.OutcomeAsync(pod);

        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Single(rig.RetriesOf(pod));

        // The stand-in of Lambda notes the call that it refused as well.
        Assert.Equal(actionner == "aws:lambda" ? 2 : 1, CallsFor(actionner, pod).Count);
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Run_SlowerThanItsTimeout_IsUnknownAndCalledOnce(string actionner)
    {
        string pod = PodOf(actionner, "slow");
        StallNextCall(actionner);
        await rig.PostAsync(CloudRules.RuleOf(actionner, "impatient"), pod);

        await EndsUnknownAfterOneCallAsync(actionner, pod);
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Run_LineIsCutAfterTheCall_IsUnknownAndCalledOnce(string actionner)
    {
        string pod = PodOf(actionner, "cut");
        CutNextAnswer(actionner);
        await rig.PostAsync(CloudRules.RuleOf(actionner), pod);

        await EndsUnknownAfterOneCallAsync(actionner, pod);
    }

    [Theory]
    [MemberData(nameof(Actionners))]
    public async Task Run_NodeDiesDuringTheCall_IsInterruptedAndNotCalledAgain(string actionner)
    {
        string pod = PodOf(actionner, "interrupted");
        StallNextCall(actionner);
        await rig.PostAsync(CloudRules.RuleOf(actionner), pod);
        await Eventually.TrueAsync(() => CallsFor(actionner, pod).Count == 1, rig.Talon.Tail);
        await rig.Talon.KillAsync();
        await rig.RestartAsync();

        var outcome = await rig.OutcomeAsync(pod);

        Assert.Equal(("failure", "interrupted"), (outcome.Status, outcome.Result));
        Assert.Single(CallsFor(actionner, pod));
    }

    private async Task EndsUnknownAfterOneCallAsync(string actionner, string pod)
    {
        var outcome = await rig.OutcomeAsync(pod);

        Assert.Equal(("failure", "unknown"), (outcome.Status, outcome.Result));
        Assert.Single(CallsFor(actionner, pod));
        Assert.Empty(rig.RetriesOf(pod));
    }

    private void FailNextCall(string actionner, int status)
    {
        if (actionner == "aws:lambda")
        {
            NextCall(AwsServer.Error(status, status == 429 ? "TooManyRequestsException" : "AccessDeniedException", "said by the stand-in", retryAfter: "1"));
        }
        else
        {
            rig.Google.Faults.Add(new GoogleFault(GoogleStep.Call, GoogleFaultKind.Status) { Status = status, RetryAfter = "1" });
        }
    }

    private void StallNextCall(string actionner)
    {
        if (actionner == "aws:lambda")
        {
            NextCall(static http => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        }
        else
        {
            rig.Google.Faults.Add(new GoogleFault(GoogleStep.Call, GoogleFaultKind.StallBody));
        }
    }

    private void CutNextAnswer(string actionner)
    {
        if (actionner == "aws:lambda")
        {
            NextCall(static http =>
            {
                http.Abort();
                return Task.CompletedTask;
            });
        }
        else
        {
            rig.Google.Faults.Add(new GoogleFault(GoogleStep.Call, GoogleFaultKind.CutAfter));
        }
    }

    // The one after it is answered as before.
    private void NextCall(Func<HttpContext, Task> answer)
    {
        var usual = rig.Aws.Invoke;
        rig.Aws.Invoke = http =>
        {
            rig.Aws.Invoke = usual;
            return answer(http);
        };
    }

    private static string PodOf(string actionner, string test) => $"{actionner.Replace(':', '-')}-{test}";

    private IReadOnlyList<string> CallsFor(string actionner, string pod) => actionner == "aws:lambda"
        ? [.. rig.Aws.Invocations.Select(call => call.Body).Where(body => body.Contains(pod, StringComparison.Ordinal))]
        : [.. rig.Google.Functions.Calls.Select(call => call.Body.GetRawText()).Where(body => body.Contains(pod, StringComparison.Ordinal))];
}
