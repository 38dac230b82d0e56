using System.Text;
using Talon.CloudApi.Google;
using Talon.CloudApi.S3;

namespace Talon.EndToEnd.Tests.Clouds;

/// <summary>
/// What the outputs to object stores do, under <c>kubernetes:log</c>, when the bucket is gone, the store refuses, throttles, is slow, cuts the line, and when
/// the node dies: evidence is there once and whole, or the action says that it is not.
/// </summary>
public sealed class CloudOutputTests(CloudRig rig) : IClassFixture<CloudRig>
{
    private static readonly byte[] Log = Encoding.UTF8.GetBytes($"==> app <==\n{CloudRig.LogText}");

    public static TheoryData<string> Outputs => ["aws:s3", "minio:s3", "gcp:gcs"];

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Run_AllIsWell_TheLogIsStoredOnceWithWhatItIs(string output)
    {
        string pod = PodOf(output, "well");
        await rig.PostAsync(CloudRules.RuleOf(output), pod);

        var outcome = await rig.OutcomeAsync(pod);

        Assert.True(outcome.Status == "success", outcome.Text);
        var (key, content, metadata) = Assert.Single(StoredFor(output, pod));
        Assert.Equal(Log, content);
        Assert.Matches($"^talon/[0-9TZ.-]+_shop_{pod}_{outcome["event_key"]}-0-1_log$", key);
        Assert.Equal(outcome["event_key"], metadata["talon-event-key"]);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Log)), metadata["talon-sha256"]);
        Assert.Equal(CloudRules.RuleOf(output), metadata["talon-rule"]);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Run_BucketIsGone_IsNotFound(string output)
    {
        string pod = PodOf(output, "gone");
        await rig.PostAsync(CloudRules.RuleOf(output, "absent"), pod);

        var outcome = await rig.OutcomeAsync(pod);

        Assert.Equal(("failure", "not_found"), (outcome.Status, outcome.Result));
        NothingIsLeft(output, pod);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Run_UploadIsRefused_IsForbiddenAndSeenInReadyz(string output)
    {
        string pod = PodOf(output, "refused");
        FailNextUpload(output, 403);
        await rig.PostAsync(CloudRules.RuleOf(output), pod);

        var outcome = await rig.OutcomeAsync(pod);

        Assert.Equal(("failure", "forbidden"), (outcome.Status, outcome.Result));
        NothingIsLeft(output, pod);
        var seen = (await rig.Rig.ReadyAsync(rig.Talon))["outputs"]!.AsArray().Single(item => item!["output"]!.GetValue<string>() == output)!;
        Assert.False(seen["stored"]!.GetValue<bool>());
        Assert.Contains("403", seen["reason"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Run_Throttled_WaitsAndStoresOnceWithinTheSameAttempt(string output)
    {
        string pod = PodOf(output, "throttled");
        FailNextUpload(output, 503);
        await rig.PostAsync(CloudRules.RuleOf(output), pod);

        var outcome = await rig.OutcomeAsync(pod);

        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Single(StoredFor(output, pod));
        Assert.Empty(rig.RetriesOf(pod));
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Run_SlowerThanItsTimeout_FailsAndLeavesNothingThatLooksWhole(string output)
    {
        string pod = PodOf(output, "slow");
        for (int i = 0; i < 20; i++)
        {
            StallNextUpload(output);
        }

        await rig.PostAsync(CloudRules.RuleOf(output, "impatient"), pod);

        var outcome = await rig.OutcomeAsync(pod);
        rig.Google.Faults.Clear();
        rig.Store.ClearFaults();

        Assert.Equal("failure", outcome.Status);
        NothingIsLeft(output, pod);
    }

    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Run_LineIsCutWhenTheStoreHasIt_IsASuccessAndStoredOnce(string output)
    {
        string pod = PodOf(output, "cut");
        CutNextAnswer(output);
        await rig.PostAsync(CloudRules.RuleOf(output), pod);

        var outcome = await rig.OutcomeAsync(pod);

        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Equal(Log, Assert.Single(StoredFor(output, pod)).Content);
    }

    [Theory]
    [Trait("Scope", "Full")]
    [MemberData(nameof(Outputs))]
    public async Task Run_NodeDiesDuringTheUpload_IsRunAgainAndStoredOnce(string output)
    {
        string pod = PodOf(output, "interrupted");
        StallNextUpload(output);
        await rig.PostAsync(CloudRules.RuleOf(output, "impatient"), pod);
        await Eventually.TrueAsync(() => IsStalled(output), rig.Talon.Tail);
        await rig.Talon.KillAsync();
        await rig.RestartAsync();

        var outcome = await rig.OutcomeAsync(pod);

        Assert.True(outcome.Status == "success", outcome.Text);
        Assert.Equal(Log, Assert.Single(StoredFor(output, pod)).Content);
    }

    /// <summary>After all that went well and wrong: neither a secret nor what the pods had printed is in anything that Talon says.</summary>
    [Theory]
    [MemberData(nameof(Outputs))]
    public async Task Run_WellAndWrong_SaysNoSecret(string output)
    {
        string pod = PodOf(output, "secrets");
        FailNextUpload(output, 401);
        await rig.PostAsync(CloudRules.RuleOf(output), pod);
        await rig.OutcomeAsync(pod);
        await rig.PostAsync(CloudRules.RuleOf(output), $"{pod}-2");
        await rig.OutcomeAsync($"{pod}-2");

        string said = string.Join('\n', [
            .. rig.Talon.Log.Select(line => line.Text), rig.Talon.Other, (await rig.Rig.ReadyAsync(rig.Talon)).ToJsonString(), await rig.Rig.MetricsAsync(rig.Talon),
        ]);
        Assert.All(rig.Secrets, secret => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
    }

    private static string PodOf(string output, string test) => $"{output.Replace(':', '-')}-{test}";

    private IReadOnlyList<(string Key, byte[] Content, IReadOnlyDictionary<string, string> Metadata)> StoredFor(string output, string pod) => output == "gcp:gcs"
        ? [.. rig.Google.Storage.Objects.Where(item => item.Key.Contains($"_{pod}_", StringComparison.Ordinal)).Select(item => (item.Key, item.Value.Content, item.Value.Metadata))]
        : [.. rig.Store.Objects.Where(item => item.Key.Contains($"_{pod}_", StringComparison.Ordinal)).Select(item => (item.Key, item.Value.Bytes, (IReadOnlyDictionary<string, string>)item.Value.Metadata))];

    private void NothingIsLeft(string output, string pod)
    {
        Assert.Empty(StoredFor(output, pod));
        Assert.Empty(rig.Store.Uploads);
    }

    private bool IsStalled(string output) => output == "gcp:gcs"
        ? rig.Google.Storage.OpenSessions > 0
        : rig.Store.Requests.LastOrDefault().Operation == "put";

    private void FailNextUpload(string output, int status)
    {
        if (output == "gcp:gcs")
        {
            rig.Google.Faults.Add(new GoogleFault(GoogleStep.StartUpload, GoogleFaultKind.Status) { Status = status, RetryAfter = "1" });
        }
        else
        {
            rig.Store.Fail("put", new S3Fault.Refuse(status, status == 503 ? "SlowDown" : status == 401 ? "InvalidAccessKeyId" : "AccessDenied", ("Retry-After", "1")));
        }
    }

    private void StallNextUpload(string output)
    {
        if (output == "gcp:gcs")
        {
            rig.Google.Faults.Add(new GoogleFault(GoogleStep.Chunk, GoogleFaultKind.Stall));
        }
        else
        {
            rig.Store.Fail("put", new S3Fault.Hang());
        }
    }

    private void CutNextAnswer(string output)
    {
        if (output == "gcp:gcs")
        {
            rig.Google.Faults.Add(new GoogleFault(GoogleStep.Chunk, GoogleFaultKind.CutAfter));
        }
        else
        {
            rig.Store.Fail("put", new S3Fault.CutAnswer());
        }
    }
}
