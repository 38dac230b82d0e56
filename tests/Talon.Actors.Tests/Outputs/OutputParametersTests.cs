using Talon.Actors.Outputs.AwsS3;
using Talon.Actors.Outputs.GcpGcs;
using Talon.Actors.Outputs.LocalFile;
using Talon.Actors.Outputs.MinioS3;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Outputs;

public sealed class OutputParametersTests
{
    [Theory]
    [InlineData("/var/lib/captures/", "/var/lib/captures")]
    [InlineData("captures", "captures")]
    [InlineData("/", "/")]
    public void LocalFile_Destination_HasNoSlashAtItsEnd(string written, string read)
    {
        var (parameters, problems) = LocalFileParameters.Read(Texts(("destination", written)));

        Assert.Empty(problems);
        Assert.Equal(read, parameters.Destination);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("/", "")]
    [InlineData("/a/b/", "a/b")]
    public void Buckets_Prefix_HasNoSlashesAtItsEnds(string? written, string read)
    {
        var given = written is null ? Texts(("bucket", "b")) : Texts(("bucket", "b"), ("prefix", written));

        Assert.Equal(new MinioS3Parameters("b", read), MinioS3Parameters.Read(given).Parameters);
        Assert.Equal(new GcpGcsParameters("b", read), GcpGcsParameters.Read(given).Parameters);
        Assert.Equal(new AwsS3Parameters("b", read, null), AwsS3Parameters.Read(given).Parameters);
    }

    [Theory]
    [InlineData("falco-artifacts", true)]
    [InlineData("Old_Name.of-2017", true)]
    [InlineData("arn:aws:s3:eu-west-3:123456789012:accesspoint/talon", true)]
    [InlineData("s3://falco-artifacts", false)]
    [InlineData("falco-artifacts/talon", false)]
    [InlineData("falco artifacts", false)]
    [InlineData("", false)]
    public void Buckets_Name_IsTakenOrRefused(string bucket, bool right) =>
        Assert.Equal(right, AwsS3Parameters.Read(Texts(("bucket", bucket))).Problems.IsEmpty);

    [Theory]
    [InlineData("eu-west-3", true)]
    [InlineData("", false)]
    [InlineData("EU West", false)]
    public void AwsS3_Region_IsTakenOrRefused(string region, bool right)
    {
        var (parameters, problems) = AwsS3Parameters.Read(Texts(("bucket", "b"), ("region", region)));

        Assert.Equal(right, problems.IsEmpty);
        Assert.Equal(region, parameters.Region);
    }

    [Fact]
    public void Read_WithoutWhatIsRequired_IsAProblem()
    {
        Assert.Equal("parameter 'destination' is missing", Assert.Single(LocalFileParameters.Read(ParameterMap.Empty).Problems).Message);
        Assert.Equal("parameter 'bucket' is missing", Assert.Single(MinioS3Parameters.Read(ParameterMap.Empty).Problems).Message);
        Assert.Equal("parameter 'bucket' is missing", Assert.Single(AwsS3Parameters.Read(ParameterMap.Empty).Problems).Message);
        Assert.Equal("parameter 'bucket' is missing", Assert.Single(GcpGcsParameters.Read(ParameterMap.Empty).Problems).Message);
    }

    private static ParameterMap Texts(params (string Name, string Value)[] texts) =>
        ParameterMap.From(texts.Select(text => KeyValuePair.Create<string, ParameterValue>(text.Name, new ParameterValue.Text(text.Value))));
}
