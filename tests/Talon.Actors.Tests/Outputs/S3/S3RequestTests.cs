using Talon.Actors.Clients.Minio;
using Talon.Actors.Outputs.AwsS3;
using Talon.Actors.Outputs.MinioS3;
using Talon.Actors.Outputs.S3;
using Talon.Actors.Plugins;
using Talon.CloudApi.S3;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Outputs.S3;

/// <summary>What the two outputs that speak S3 send, and what they do where the services differ.</summary>
[Trait("Speed", "Slow")]
public sealed class S3RequestTests
{
    private const int Small = 1000;
    private const int Large = 9 << 20;

    [Theory]
    [InlineData("aws:s3", Small, "put")]
    [InlineData("aws:s3", Large, "complete")]
    [InlineData("minio:s3", Small, "put")]
    [InlineData("minio:s3", Large, "complete")]
    public async Task Store_RequestThatMakesTheObject_CreatesOnly(string output, int bytes, string operation)
    {
        await using var server = await S3StandIn.StartAsync();
        using var rig = new S3Rig(server.Address);

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Sized(bytes)));

        Assert.Equal("*", Assert.Single(server.Requests, request => request.Operation == operation).Headers["if-none-match"]);
    }

    [Theory]
    [InlineData(Small, "put")]
    [InlineData(Large, "begin")]
    public async Task AwsS3_OptionsOfTheObject_ArriveAsHeaders(int bytes, string operation)
    {
        await using var server = await S3StandIn.StartAsync();
        using var rig = new S3Rig(server.Address);
        var parameters = rig.Parameters(
            "aws:s3", S3Rig.Bucket, ("server_side_encryption", "aws:kms"), ("kms_key_id", "alias/evidence"), ("storage_class", "STANDARD_IA"));

        Assert.IsType<StoreResult.Stored>(await rig.Output("aws:s3").StoreAsync(parameters, S3Rig.Sized(bytes), rig.Scope()));

        var headers = Assert.Single(server.Requests, request => request.Operation == operation).Headers;
        Assert.Equal("aws:kms", headers["x-amz-server-side-encryption"]);
        Assert.Equal("alias/evidence", headers["x-amz-server-side-encryption-aws-kms-key-id"]);
        Assert.Equal("STANDARD_IA", headers["x-amz-storage-class"]);
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(Large)]
    public async Task MinioS3_Requests_CarryNothingThatOnlyAwsKnows(int bytes)
    {
        await using var server = await S3StandIn.StartAsync();
        using var rig = new S3Rig(server.Address);

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync("minio:s3", S3Rig.Sized(bytes)));

        Assert.All(server.Requests, request => Assert.DoesNotContain(request.Headers.Keys, IsOfAws));
        Assert.Contains("/us-east-1/s3/aws4_request", server.Requests.First().Headers["authorization"], StringComparison.Ordinal);

        // Over plain HTTP nothing else keeps the bytes.
        Assert.All(
            server.Requests.Where(request => request.Operation is "put" or "part"),
            request => Assert.Equal("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", request.Headers["x-amz-content-sha256"]));

        static bool IsOfAws(string name) => name.Contains("checksum", StringComparison.Ordinal) || name.StartsWith("x-amz-server-side", StringComparison.Ordinal)
            || name is "x-amz-storage-class" or "x-amz-trailer";
    }

    [Theory]
    [InlineData(301, "PermanentRedirect", Small, "put")]
    [InlineData(301, "PermanentRedirect", Large, "begin")]
    [InlineData(400, "AuthorizationHeaderMalformed", Small, "put")]
    public async Task AwsS3_BucketInAnotherRegion_IsNamedAndNotFollowed(int status, string code, int bytes, string operation)
    {
        await using var server = await S3StandIn.StartAsync();
        await using var other = await S3StandIn.StartAsync();
        server.Fail(operation, new S3Fault.Refuse(status, code, ("x-amz-bucket-region", "eu-central-1"), ("Location", $"{other.Address}evidence/other")));
        using var rig = new S3Rig(server.Address);

        var failure = S3Rig.Failure(await rig.StoreAsync("aws:s3", S3Rig.Sized(bytes)));

        Assert.Equal(FailureKind.Rejected, failure.Kind);
        Assert.Contains("'eu-central-1'", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(1, server.Count(operation));
        Assert.Empty(server.Objects);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData(Small, "put")]
    [InlineData(Large, "begin")]
    public async Task MinioS3_ServerHasAnotherRegion_IsSignedForThat(int bytes, string operation)
    {
        await using var server = await S3StandIn.StartAsync();
        server.Fail(operation, new S3Fault.Refuse(400, "AuthorizationHeaderMalformed", ("x-amz-bucket-region", "paris-1")));
        using var rig = new S3Rig(server.Address);

        Assert.IsType<StoreResult.Stored>(await rig.StoreAsync("minio:s3", S3Rig.Sized(bytes)));

        Assert.Equal(2, server.Count(operation));
        Assert.Contains("/paris-1/s3/aws4_request", server.Requests.Last().Headers["authorization"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "paris-1", 2, null)]
    [InlineData(403, null, 1, null)]
    [InlineData(404, null, 1, FailureKind.NotFound)]
    [InlineData(503, null, 1, FailureKind.ServerError)]
    public async Task MinioS3_Check_AsksForTheBucket(int status, string? region, int requests, FailureKind? kind)
    {
        await using var server = await S3StandIn.StartAsync();
        server.Fail("bucket", new S3Fault.Refuse(status, "", region is null ? [] : [("x-amz-bucket-region", region)]));
        using var rig = new S3Rig(server.Address);

        var failed = await rig.Output("minio:s3").CheckAsync(rig.Parameters("minio:s3"), rig.Scope());

        Assert.Equal(kind, failed?.Kind);
        Assert.Equal(requests, server.Count("bucket"));
    }

    [Fact]
    public async Task AwsS3_Check_SendsNothingToTheBucket()
    {
        await using var server = await S3StandIn.StartAsync();
        using var rig = new S3Rig(server.Address);

        Assert.Null(await rig.Output("aws:s3").CheckAsync(rig.Parameters("aws:s3"), rig.Scope()));

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("", "key", "secret", "minio.endpoint is not set")]
    [InlineData("127.0.0.1:9", "", "secret", "minio.access_key is not set")]
    [InlineData("127.0.0.1:9", "key", "", "minio.secret_key is not set")]
    [InlineData("http://127.0.0.1:9", "key", "secret", "minio.endpoint is not a host")]
    [InlineData("127.0.0.1:9/path", "key", "secret", "minio.endpoint is not a host")]
    public async Task MinioS3_ConfigurationIncomplete_IsInvalidBeforeAndDuringTheAction(string endpoint, string accessKey, string secretKey, string why)
    {
        using var rig = new S3Rig(new Uri("http://127.0.0.1:9"));
        var output = new MinioS3Output(rig.Ports with { Minio = new MinioOptions { Endpoint = endpoint, AccessKey = accessKey, SecretKey = secretKey } });
        var parameters = rig.Parameters("minio:s3");

        var failed = await output.CheckAsync(parameters, rig.Scope());
        var stored = S3Rig.Failure(await output.StoreAsync(parameters, S3Rig.Sized(Small), rig.Scope()));

        Assert.Equal(FailureKind.Invalid, failed?.Kind);
        Assert.Contains(why, failed!.Reason, StringComparison.Ordinal);
        Assert.Equal(failed, stored);
    }

    [Theory]
    [InlineData("aws:s3")]
    [InlineData("minio:s3")]
    public async Task OneCall_UsedConnectionBreaksBeforeTheAnswer_IsOneRequest(string output)
    {
        await using var server = await S3StandIn.StartAsync();
        using var rig = new S3Rig(server.Address);
        IS3Place place = output == "aws:s3"
            ? new AwsS3Place(rig.Ports.Aws, AwsS3Parameters.Read(rig.Parameters(output)).Parameters)
            : new MinioS3Place(rig.Ports.Minio, server.Address, new MinioS3Parameters(S3Rig.Bucket, ""));
        var store = new S3Store(rig.Ports, place);
        Assert.Null(await store.DeleteAsync("none", rig.Scope()));
        server.Fail("delete", [.. Enumerable.Repeat(new S3Fault.CutAnswer(), 20)]);

        Assert.NotNull(await store.DeleteAsync("none", rig.Scope()));

        Assert.Equal(2, server.Count("delete"));
    }
}
