using Amazon.Runtime;
using Amazon.S3;
using Talon.Actors.Clients.Minio;
using Talon.Actors.Outputs.S3;

namespace Talon.Actors.Outputs.MinioS3;

/// <summary>A bucket of MinIO.</summary>
/// <param name="url">Where it is, by <paramref name="options"/>.</param>
internal sealed class MinioS3Place(MinioOptions options, Uri url, MinioS3Parameters parameters) : IS3Place
{
    public string Service => $"MinIO at {options.Endpoint}";

    public string Bucket => parameters.Bucket;

    public string Prefix => parameters.Prefix;

    // MinIO's own unless somebody has set another.
    public string? Region => "us-east-1";

    public S3ObjectOptions Options => S3ObjectOptions.None;

    public bool HasRegions => false;

    public bool ChecksBucket => true;

    // Servers of before 2023 refuse it. What is sent is signed in pieces anyway.
    public bool TakesChecksum => false;

    public Task<S3Connection> ConnectAsync(string? region, CancellationToken cancellationToken)
    {
        var config = S3Connection.Config();
        config.ServiceURL = url.ToString();
        config.AuthenticationRegion = region;
        config.ForcePathStyle = true;
        config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
        config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        return Task.FromResult(new S3Connection(new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config), region, null));
    }
}
