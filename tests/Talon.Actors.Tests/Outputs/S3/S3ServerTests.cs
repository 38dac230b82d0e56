using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Talon.Actors.Plugins;
using Talon.Testing.Tools;

namespace Talon.Actors.Tests.Outputs.S3;

/// <summary>
/// Both outputs that speak S3 against servers that others wrote. fauxqs knows no preconditions and no lists of uploads, and cuts a single request above
/// 10 MB; moto knows all of them.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class S3ServerTests
{
    public static TheoryData<string, TestTool, int> Sizes { get; } = new()
    {
        { "aws:s3", TestTool.Fauxqs, 0 }, { "aws:s3", TestTool.Fauxqs, 5 << 20 }, { "aws:s3", TestTool.Fauxqs, 12 << 20 },
        { "aws:s3", TestTool.Moto, 0 }, { "aws:s3", TestTool.Moto, 5 << 20 }, { "aws:s3", TestTool.Moto, 12 << 20 },
        { "minio:s3", TestTool.Fauxqs, 0 }, { "minio:s3", TestTool.Fauxqs, 5 << 20 }, { "minio:s3", TestTool.Fauxqs, 12 << 20 },
        { "minio:s3", TestTool.Moto, 0 }, { "minio:s3", TestTool.Moto, 5 << 20 }, { "minio:s3", TestTool.Moto, 12 << 20 }, { "minio:s3", TestTool.Moto, 20 << 20 },
    };

    [ToolTheory(TestTool.Fauxqs, TestTool.Moto)]
    [MemberData(nameof(Sizes))]
    public async Task Store_Sizes_AreReadBackWhole(string output, TestTool tool, int bytes)
    {
        var server = await (tool == TestTool.Moto ? SharedTools.MotoAsync() : SharedTools.FauxqsAsync());
        string bucket = $"evidence-{Guid.NewGuid():N}";
        using var client = Client(server.Address);
        await client.PutBucketAsync(bucket);
        using var rig = new S3Rig(server.Address, hurry: 1);

        Assert.Null(await rig.Output(output).CheckAsync(rig.Parameters(output, bucket), rig.Scope()));
        var stored = Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Sized(bytes), bucket));

        using var read = await client.GetObjectAsync(bucket, stored.Objects["key"]);
        using var content = new MemoryStream();
        await read.ResponseStream.CopyToAsync(content);
        Assert.Equal(S3Rig.Content(bytes), content.ToArray());
        Assert.Equal("application/vnd.tcpdump.pcap", read.Headers.ContentType);
        Assert.Equal(stored.Content.Sha256, read.Metadata["talon-sha256"]);
        Assert.Equal(Artifacts.EventKey, read.Metadata["talon-event-key"]);
        Assert.Equal("kubernetes:download", read.Metadata["talon-actionner"]);
        Assert.Single((await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).S3Objects);
    }

    [ToolTheory(TestTool.Moto)]
    [InlineData("aws:s3", 1000)]
    [InlineData("aws:s3", 9 << 20)]
    [InlineData("minio:s3", 1000)]
    [InlineData("minio:s3", 9 << 20)]
    public async Task Store_KeyTaken_TakesTheNextAndOverwritesNothing(string output, int bytes)
    {
        var server = await SharedTools.MotoAsync();
        string bucket = $"evidence-{Guid.NewGuid():N}";
        using var client = Client(server.Address);
        await client.PutBucketAsync(bucket);
        await client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = S3Rig.Key(), ContentBody = "another's" });
        using var rig = new S3Rig(server.Address, hurry: 1);

        var stored = Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Sized(bytes), bucket));

        Assert.Equal(S3Rig.Key(2), stored.Objects["key"]);
        using var other = await client.GetObjectAsync(bucket, S3Rig.Key());
        using var text = new StreamReader(other.ResponseStream);
        Assert.Equal("another's", await text.ReadToEndAsync());
        Assert.Empty((await client.ListMultipartUploadsAsync(bucket)).MultipartUploads ?? []);

        // What is ours already counts as stored.
        var again = Assert.IsType<StoreResult.Stored>(await rig.StoreAsync(output, S3Rig.Sized(bytes), bucket));
        Assert.Equal(S3Rig.Key(2), again.Objects["key"]);
    }

    [ToolTheory(TestTool.Moto)]
    [InlineData("aws:s3")]
    [InlineData("minio:s3")]
    public async Task Store_BucketMissing_IsNotFound(string output)
    {
        var server = await SharedTools.MotoAsync();
        using var rig = new S3Rig(server.Address, hurry: 1);

        var failure = S3Rig.Failure(await rig.StoreAsync(output, S3Rig.Sized(1000), $"none-{Guid.NewGuid():N}"));

        Assert.Equal(Rules.Outcomes.FailureKind.NotFound, failure.Kind);
    }

    [ToolFact(TestTool.Moto)]
    public async Task Check_OfMinioWithoutTheBucket_IsAFailureBeforeTheAction()
    {
        var server = await SharedTools.MotoAsync();
        using var rig = new S3Rig(server.Address, hurry: 1);

        var failed = await rig.Output("minio:s3").CheckAsync(rig.Parameters("minio:s3", "no-such-bucket"), rig.Scope());

        Assert.Equal(Rules.Outcomes.FailureKind.NotFound, failed?.Kind);
    }

    private static AmazonS3Client Client(Uri server) => new(
        new BasicAWSCredentials("test", "test"),
        new AmazonS3Config { ServiceURL = server.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
}
