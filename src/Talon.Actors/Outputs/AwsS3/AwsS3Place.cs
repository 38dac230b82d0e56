using Amazon;
using Amazon.S3;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Outputs.S3;

namespace Talon.Actors.Outputs.AwsS3;

/// <summary>A bucket of AWS, or of the service behind <c>endpoint</c>, with the credentials of AWS.</summary>
internal sealed class AwsS3Place(AwsConnection aws, AwsS3Parameters parameters) : IS3Place
{
    public string Service => parameters.Endpoint is { } url ? url.Authority : "AWS S3";

    public string Bucket => parameters.Bucket;

    public string Prefix => parameters.Prefix;

    public string? Region => parameters.Region;

    public S3ObjectOptions Options => parameters.Options;

    public bool HasRegions => true;

    // That needs rights that writing does not.
    public bool ChecksBucket => false;

    public bool TakesChecksum => true;

    public async Task<S3Connection> ConnectAsync(string? region, CancellationToken cancellationToken)
    {
        if (!(await aws.ConnectAsync(cancellationToken)).TryGet(out var access, out var error))
        {
            return new S3Connection(null, null, error);
        }

        var endpoint = region is null ? access.Region : RegionEndpoint.GetBySystemName(region);
        var config = S3Connection.Config();
        if ((parameters.Endpoint ?? aws.Endpoint("S3")) is { } url)
        {
            config.ServiceURL = url.ToString();
            config.AuthenticationRegion = endpoint.SystemName;
            config.ForcePathStyle = true;
        }
        else
        {
            config.RegionEndpoint = endpoint;
        }

        return new S3Connection(new AmazonS3Client(access.Credentials, config), endpoint.SystemName, null);
    }
}
