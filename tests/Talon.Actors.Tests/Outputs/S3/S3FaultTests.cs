using Talon.Actors.Plugins;
using Talon.CloudApi.S3;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Outputs.S3;

/// <summary>
/// What becomes of an artifact when something goes wrong on its way, for both outputs that speak S3: in one request and in parts. After a failure the
/// store has neither an object nor parts, and the spool is empty.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class S3FaultTests
{
    private const int Small = 100_000;

    /// <summary>More than goes in one request.</summary>
    private const int Large = 9 << 20;

    public static TheoryData<string, int> Both { get; } = new() { { "aws:s3", Small }, { "aws:s3", Large }, { "minio:s3", Small }, { "minio:s3", Large } };

    public static TheoryData<string, int, string, int, FailureKind> Refusals { get; } = new MatrixOfRefusals();

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Store_NothingWrong_IsWhole(string output, int bytes)
    {
        await using var server = await S3StandIn.StartAsync();
        using var rig = new S3Rig(server.Address);

        var stored = Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Sized(bytes)));

        var (key, item) = Assert.Single(server.Objects);
        Assert.Equal(stored.Objects["key"], key);
        Assert.Equal(S3Rig.Content(bytes), item.Bytes);
        Assert.Equal("application/vnd.tcpdump.pcap", item.ContentType);
        Assert.Equal(stored.Content.Sha256, item.Metadata["talon-sha256"]);
        Assert.Equal(Artifacts.EventKey, item.Metadata["talon-event-key"]);
        Assert.Empty(server.Uploads);
        Assert.Empty(rig.Spooled);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Store_AnswerCutAfterTheStoreHasIt_IsFoundAndASuccess(string output, int bytes)
    {
        await using var server = await S3StandIn.StartAsync();
        server.Fail(Creating(bytes), new S3Fault.CutAnswer());
        using var rig = new S3Rig(server.Address);

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Sized(bytes)));

        Assert.Single(server.Objects);
        Assert.Equal(2, server.Count(Creating(bytes)));
        Assert.Equal(1, server.Count("head"));
        Assert.Empty(server.Uploads);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Store_AnswerCutAndReadingForbidden_IsUnknown(string output, int bytes)
    {
        await using var server = await S3StandIn.StartAsync();
        server.Fail(Creating(bytes), new S3Fault.CutAnswer());
        server.Fail("head", new S3Fault.Refuse(403, ""));
        using var rig = new S3Rig(server.Address);

        var failure = S3Rig.Failure(await rig.StoreAsync(output, S3Rig.Sized(bytes)));

        Assert.Equal(FailureKind.Unknown, failure.Kind);
        Assert.Single(server.Objects);
        Assert.Empty(server.Uploads);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Store_AnotherHasTheKey_TakesTheNextAndOverwritesNothing(string output, int bytes)
    {
        await using var server = await S3StandIn.StartAsync();
        var other = new S3Object([1, 2, 3], null, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty);
        server.Objects[S3Rig.Key()] = other;
        using var rig = new S3Rig(server.Address);

        var stored = Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Sized(bytes)));

        Assert.Equal(S3Rig.Key(2), stored.Objects["key"]);
        Assert.Same(other, server.Objects[S3Rig.Key()]);
        Assert.Equal(S3Rig.Content(bytes), server.Objects[S3Rig.Key(2)].Bytes);
        Assert.Empty(server.Uploads);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Store_Refused_IsAFailureAndLeavesNothing(string output, int bytes, string code, int status, FailureKind kind)
    {
        await using var server = await S3StandIn.StartAsync();
        server.Fail(bytes == Small ? "put" : "part", [.. Enumerable.Repeat(new S3Fault.Refuse(status, code), 20)]);
        using var rig = new S3Rig(server.Address);

        var failure = S3Rig.Failure(await rig.StoreAsync(output, S3Rig.Sized(bytes)));

        Assert.Equal(kind, failure.Kind);
        Assert.Contains("bucket 'evidence'", failure.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Objects);
        Assert.Empty(server.Uploads);
        Assert.Empty(rig.Spooled);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Store_NoSuchBucket_IsNotFound(string output, int bytes)
    {
        await using var server = await S3StandIn.StartAsync();
        using var rig = new S3Rig(server.Address);

        var failure = S3Rig.Failure(await rig.StoreAsync(output, S3Rig.Sized(bytes), "elsewhere"));

        Assert.Equal(FailureKind.NotFound, failure.Kind);
        Assert.Contains("elsewhere", failure.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Store_TroubleThatPasses_IsStoredOnce(string output, int bytes)
    {
        await using var server = await S3StandIn.StartAsync();
        string sending = bytes == Small ? "put" : "part";
        server.Fail(sending, new S3Fault.Refuse(500, "InternalError"), new S3Fault.Refuse(503, ""), new S3Fault.CutBody(1000));
        server.Fail("complete", new S3Fault.ErrorIn200(), new S3Fault.Refuse(409, "ConditionalRequestConflict"));
        using var rig = new S3Rig(server.Address);

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Sized(bytes)));

        Assert.Equal(S3Rig.Content(bytes), Assert.Single(server.Objects).Value.Bytes);
        Assert.Empty(server.Uploads);
        if (bytes == Large)
        {
            Assert.Equal(3, server.Count("complete"));
        }
    }

    [Theory]
    [InlineData("aws:s3")]
    [InlineData("minio:s3")]
    public async Task Store_AskedToWait_Waits(string output)
    {
        await using var server = await S3StandIn.StartAsync();
        server.Fail("put", new S3Fault.Refuse(503, "SlowDown", ("Retry-After", "20")));
        using var rig = new S3Rig(server.Address);
        long from = rig.Clock.GetTimestamp();

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Sized(Small)));

        Assert.InRange(rig.Clock.GetElapsedTime(from), TimeSpan.FromSeconds(19), TimeSpan.FromSeconds(500));
    }

    [Theory]
    [InlineData("aws:s3")]
    [InlineData("minio:s3")]
    public async Task Store_AskedToWaitBeyondTheDeadline_GivesUpAtOnce(string output)
    {
        await using var server = await S3StandIn.StartAsync();
        server.Fail("put", new S3Fault.Refuse(503, "SlowDown", ("Retry-After", "400")));
        using var rig = new S3Rig(server.Address);

        var failure = S3Rig.Failure(await rig.StoreAsync(output, S3Rig.Sized(Small), seconds: 300));

        Assert.Equal(FailureKind.ServerError, failure.Kind);
        Assert.Equal(1, server.Count("put"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Store_ConnectionAlwaysCut_IsAFailureAndLeavesNothing(string output, int bytes)
    {
        await using var server = await S3StandIn.StartAsync();
        server.Fail(bytes == Small ? "put" : "part", [.. Enumerable.Repeat(new S3Fault.CutBody(Small / 2), 500)]);
        using var rig = new S3Rig(server.Address);

        var failure = S3Rig.Failure(await rig.StoreAsync(output, S3Rig.Sized(bytes), seconds: 20));

        Assert.Equal(bytes == Small ? FailureKind.Timeout : FailureKind.ServerError, failure.Kind);
        Assert.Empty(server.Objects);
        Assert.Empty(server.Uploads);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Store_NoAnswerBeforeTheDeadline_IsAFailureAndLeavesNothing(string output, int bytes)
    {
        await using var server = await S3StandIn.StartAsync();
        server.Fail(bytes == Small ? "put" : "part", [.. Enumerable.Repeat(new S3Fault.Hang(), 10)]);
        using var rig = new S3Rig(server.Address);

        var failure = S3Rig.Failure(await rig.StoreAsync(output, S3Rig.Sized(bytes), seconds: 30));

        Assert.Equal(bytes == Small ? FailureKind.Timeout : FailureKind.ServerError, failure.Kind);
        Assert.Empty(server.Objects);
        Assert.Empty(server.Uploads);
    }

    [Theory]
    [InlineData("aws:s3")]
    [InlineData("minio:s3")]
    public async Task Store_NameCannotBeResolved_IsAFailureThatSaysSo(string output)
    {
        using var rig = new S3Rig(new Uri("http://s3.talon-test.invalid:9000/"));

        var failure = S3Rig.Failure(await rig.StoreAsync(output, S3Rig.Sized(Small), seconds: 5));

        Assert.Equal(FailureKind.ServerError, failure.Kind);
        Assert.Contains("cannot be resolved", failure.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aws:s3")]
    [InlineData("minio:s3")]
    public async Task Test_RightsToReadAndDeleteMissing_IsToldAndNoFailure(string output)
    {
        await using var server = await S3StandIn.StartAsync();
        server.Fail("head", new S3Fault.Refuse(403, ""));
        server.Fail("delete", new S3Fault.Refuse(403, "AccessDenied"));
        using var rig = new S3Rig(server.Address);

        var test = await rig.Output(output).TestAsync(rig.Parameters(output), S3Rig.Sized(10), rig.Scope());

        Assert.IsType<StoreResult.Stored>(test.Result);
        Assert.Collection(
            test.Remarks,
            read => Assert.StartsWith("not read back", read, StringComparison.Ordinal),
            deleted => Assert.StartsWith("not deleted", deleted, StringComparison.Ordinal));
        Assert.Single(server.Objects);
    }

    [Theory]
    [InlineData("aws:s3")]
    [InlineData("minio:s3")]
    public async Task Test_AllRights_LeavesNothing(string output)
    {
        await using var server = await S3StandIn.StartAsync();
        using var rig = new S3Rig(server.Address);

        var test = await rig.Output(output).TestAsync(rig.Parameters(output), S3Rig.Sized(10), rig.Scope());

        Assert.Equal(["read back: 10 bytes", "deleted again"], test.Remarks.ToArray());
        Assert.Empty(server.Objects);
    }

    private static string Creating(int bytes) => bytes == Small ? "put" : "complete";

    private sealed class MatrixOfRefusals : TheoryData<string, int, string, int, FailureKind>
    {
        public MatrixOfRefusals()
        {
            foreach (string output in (string[])["aws:s3", "minio:s3"])
            {
                foreach (int bytes in (int[])[Small, Large])
                {
                    Add(output, bytes, "AccessDenied", 403, FailureKind.Forbidden);
                    Add(output, bytes, "InvalidAccessKeyId", 403, FailureKind.Unauthorized);
                    Add(output, bytes, "", 401, FailureKind.Unauthorized);
                    Add(output, bytes, "", 403, FailureKind.Forbidden);
                    Add(output, bytes, "NoSuchBucket", 404, FailureKind.NotFound);
                    Add(output, bytes, "InvalidRequest", 400, FailureKind.Rejected);
                }
            }
        }
    }
}
