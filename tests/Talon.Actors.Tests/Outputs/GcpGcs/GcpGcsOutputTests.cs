using Talon.Actors.Outputs.ObjectStores;
using Talon.Actors.Plugins;
using Talon.CloudApi.Google;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Outputs.GcpGcs;

public sealed class GcpGcsOutputTests
{
    private const int Mega = 1 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5 * Mega)]
    [InlineData(8 * Mega)]
    [InlineData(12 * Mega)]
    [InlineData((16 * Mega) + 3)]
    public async Task Store_AnySize_IsAnObjectWithItsMetadata(int size)
    {
        await using var rig = await GcsRig.StartAsync();
        byte[] content = GcsRig.Bytes(size);

        var stored = Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(content));

        var (name, item) = Assert.Single(rig.Storage.Objects);
        Assert.Equal(content, item.Content);
        Assert.StartsWith("talon/", name, StringComparison.Ordinal);
        Assert.EndsWith($"_shop_cart-0_{Artifacts.EventKey}-2-3_tcpdump.pcap", name, StringComparison.Ordinal);
        Assert.Equal(
            [("bucket", "evidence"), ("file", "tcpdump.pcap"), ("key", name), ("prefix", "talon")], stored.Objects.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(size, stored.Content.Bytes);
        Assert.Equal("application/vnd.tcpdump.pcap", item.ContentType);
        Assert.Equal((stored.Content.Sha256, Artifacts.EventKey), (item.Metadata[ArtifactMetadata.Sha256], item.Metadata[ArtifactMetadata.EventKey]));
        Assert.Equal("Keep", item.Metadata["talon-rule"]);
        Assert.Equal(0, rig.Storage.OpenSessions);
    }

    [Fact]
    public async Task Store_ServiceAccount_SignsForItself()
    {
        await using var rig = await GcsRig.StartAsync();

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync([1]));

        Assert.DoesNotContain("POST /token", rig.Google.Requests);
    }

    [Theory]
    [InlineData(401, FailureKind.Unauthorized)]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(400, FailureKind.Rejected)]
    [InlineData(307, FailureKind.Rejected)]
    public async Task Store_Refused_IsAFailureAtOnce(int status, FailureKind kind)
    {
        await using var rig = await GcsRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.StartUpload, GoogleFaultKind.Status) { Status = status, Times = 99, Location = $"{rig.Google.Url}/elsewhere" });

        var failed = await rig.FailAsync([1, 2, 3]);

        Assert.Equal(kind, failed.Kind);
        Assert.StartsWith(
            $"cannot upload the artifact to the bucket 'evidence' of Google Cloud Storage: cannot upload the object: the answer is {status}", failed.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("GET /elsewhere", rig.Google.Requests);
        Assert.DoesNotContain("POST /elsewhere", rig.Google.Requests);
    }

    [Fact]
    public async Task Store_NoSuchBucket_IsNotFound()
    {
        await using var rig = await GcsRig.StartAsync();

        var failed = await rig.FailAsync([1], parameters: GcsRig.Parameters(bucket: "nowhere"));

        Assert.Equal(FailureKind.NotFound, failed.Kind);
        Assert.EndsWith("the answer is 404: The specified bucket does not exist.", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GoogleStep.StartUpload, GoogleFaultKind.Status, 500)]
    [InlineData(GoogleStep.StartUpload, GoogleFaultKind.Status, 503)]
    [InlineData(GoogleStep.StartUpload, GoogleFaultKind.Status, 429)]
    [InlineData(GoogleStep.StartUpload, GoogleFaultKind.CutBefore, 0)]
    [InlineData(GoogleStep.StartUpload, GoogleFaultKind.CutAfter, 0)]
    [InlineData(GoogleStep.Chunk, GoogleFaultKind.Status, 500)]
    [InlineData(GoogleStep.Chunk, GoogleFaultKind.Status, 503)]
    [InlineData(GoogleStep.Chunk, GoogleFaultKind.Status, 429)]
    [InlineData(GoogleStep.Chunk, GoogleFaultKind.CutBefore, 0)]
    [InlineData(GoogleStep.Chunk, GoogleFaultKind.CutInside, 0)]
    [InlineData(GoogleStep.Chunk, GoogleFaultKind.CutAfter, 0)]
    public async Task Store_TroubleThatEnds_IsOneWholeObject(GoogleStep step, GoogleFaultKind kind, int status)
    {
        await using var rig = await GcsRig.StartAsync();
        byte[] content = GcsRig.Bytes(12 * Mega);
        foreach (int after in step == GoogleStep.Chunk ? [0, 1] : new[] { 0 })
        {
            rig.Google.Faults.Add(new GoogleFault(step, kind) { Status = status, After = after });
        }

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(content));

        Assert.Equal(content, Assert.Single(rig.Storage.Objects).Value.Content);
    }

    [Fact]
    public async Task Store_CutInTheMiddleOfAChunk_GoesOnFromTheBytesThatAreThere()
    {
        await using var rig = await GcsRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Chunk, GoogleFaultKind.CutInside) { After = 1 });
        byte[] content = GcsRig.Bytes(12 * Mega);

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(content));

        Assert.Equal(content, Assert.Single(rig.Storage.Objects).Value.Content);
        Assert.Equal(1, rig.Google.Requests.Count(request => request.StartsWith("POST /upload/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(GoogleStep.StartUpload, GoogleFaultKind.Status, FailureKind.ServerError)]
    [InlineData(GoogleStep.StartUpload, GoogleFaultKind.CutBefore, FailureKind.ServerError)]
    [InlineData(GoogleStep.StartUpload, GoogleFaultKind.Stall, FailureKind.Timeout)]
    [InlineData(GoogleStep.Chunk, GoogleFaultKind.Status, FailureKind.Timeout)]
    [InlineData(GoogleStep.Chunk, GoogleFaultKind.CutBefore, FailureKind.Timeout)]
    [InlineData(GoogleStep.Chunk, GoogleFaultKind.Stall, FailureKind.Timeout)]
    public async Task Store_TroubleThatDoesNotEnd_LeavesNothing(GoogleStep step, GoogleFaultKind kind, FailureKind expected)
    {
        await using var rig = await GcsRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(step, kind) { Times = int.MaxValue, Status = 503, RetryAfter = "1" });
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        var failed = await rig.FailAsync(GcsRig.Bytes(1000), GcsRig.Scope(TimeSpan.FromSeconds(2), stop.Token));

        Assert.Equal(expected, failed.Kind);
    }

    [Fact]
    public async Task Store_RetryAfterBeyondTheDeadline_IsNotWaitedFor()
    {
        await using var rig = await GcsRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.StartUpload, GoogleFaultKind.Status) { Status = 429, RetryAfter = "120" });

        var failed = await rig.FailAsync([1]);

        Assert.Equal(FailureKind.ServerError, failed.Kind);
        Assert.EndsWith("there is no time for another try before the deadline of the action", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Store_AnswerCutAfterTheObjectIsThere_IsSuccess(bool sessionIsForgotten, bool empty)
    {
        await using var rig = await GcsRig.StartAsync();
        rig.Storage.ForgetsSessions = sessionIsForgotten;
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Chunk, GoogleFaultKind.CutAfter));

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(empty ? [] : [1, 2, 3]));

        Assert.Single(rig.Storage.Objects);
    }

    [Fact]
    public async Task Store_AnswerCutAndNoRightToRead_IsUnknown()
    {
        await using var rig = await GcsRig.StartAsync();
        rig.Storage.ForgetsSessions = true;
        rig.Storage.MayRead = false;
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Chunk, GoogleFaultKind.CutAfter));

        var failed = Assert.IsType<StoreResult.Failed>(await rig.StoreAsync([1, 2, 3])).Why;

        Assert.Equal(FailureKind.Unknown, failed.Kind);
        Assert.Single(rig.Storage.Objects);
    }

    [Fact]
    public async Task Store_AnswerCutAndThenTooManyRequests_MayBeStored()
    {
        await using var rig = await GcsRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Chunk, GoogleFaultKind.CutAfter));
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Chunk, GoogleFaultKind.Status) { Status = 429, RetryAfter = "120" });

        var failed = Assert.IsType<StoreResult.Failed>(await rig.StoreAsync([1, 2, 3])).Why;

        Assert.Equal(FailureKind.Timeout, failed.Kind);
        Assert.Single(rig.Storage.Objects);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Store_KeyOfAnother_IsNotOverwritten(bool mayRead)
    {
        await using var rig = await GcsRig.StartAsync();
        rig.Storage.MayRead = mayRead;
        rig.Storage.BeforeLast = name =>
        {
            rig.Storage.BeforeLast = null;
            rig.Storage.Put(name, "of another", (ArtifactMetadata.EventKey, "another"), (ArtifactMetadata.Sha256, "another"));
        };

        var stored = Assert.IsType<StoreResult.Stored>(await rig.StoreAsync([1, 2, 3]));

        Assert.Equal(2, rig.Storage.Objects.Count);
        Assert.Equal("of another"u8.ToArray(), Assert.Single(rig.Storage.Objects, pair => pair.Key != stored.Objects["key"]).Value.Content);
        Assert.Equal([1, 2, 3], rig.Storage.Objects[stored.Objects["key"]].Content);
    }

    [Fact]
    public async Task Store_BytesThatChangeOnTheWay_AreNoObject()
    {
        await using var rig = await GcsRig.StartAsync();
        rig.Storage.Corrupts = true;

        var failed = await rig.FailAsync(GcsRig.Bytes(100_000));

        Assert.Equal(FailureKind.Rejected, failed.Kind);
    }

    [Fact]
    public async Task Check_Credentials_AreAskedFor()
    {
        await using var rig = await GcsRig.StartAsync();

        Assert.Null(await rig.Output.CheckAsync(GcsRig.Parameters(), GcsRig.Scope()));
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Token, GoogleFaultKind.Status) { Status = 400 });
        await using var other = await GcsRig.StartAsync();
        other.Google.Faults.Add(new GoogleFault(GoogleStep.Token, GoogleFaultKind.Status) { Status = 403 });
        var refused = await other.Output.CheckAsync(GcsRig.Parameters(), GcsRig.Scope());

        Assert.Equal(FailureKind.Forbidden, refused?.Kind);
        Assert.All(rig.Google.Requests, request => Assert.Equal("POST /token", request));
    }

    [Theory]
    [InlineData(true, "read back: 3 bytes", "deleted again")]
    [InlineData(false, "not read back", "not deleted")]
    public async Task Test_Remarks_SayWhatTheStoreLets(bool may, string read, string deleted)
    {
        await using var rig = await GcsRig.StartAsync();
        rig.Storage.MayRead = may;
        rig.Storage.MayDelete = may;

        var test = await rig.Output.TestAsync(GcsRig.Parameters(), GcsRig.Artifact([1, 2, 3]), GcsRig.Scope());

        Assert.IsType<StoreResult.Stored>(test.Result);
        Assert.StartsWith(read, test.Remarks[0], StringComparison.Ordinal);
        Assert.StartsWith(deleted, test.Remarks[1], StringComparison.Ordinal);
        Assert.Equal(may ? 0 : 1, rig.Storage.Objects.Count);
    }
}
