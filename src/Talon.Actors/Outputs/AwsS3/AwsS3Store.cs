using System.Collections.Immutable;
using Amazon;
using Amazon.S3;
using Amazon.S3.Model;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Outputs.ObjectStores;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Outputs.AwsS3;

/// <summary>One bucket, by the S3 client of AWS. The client repeats nothing by itself.</summary>
internal sealed class AwsS3Store(OutputPorts ports, AwsS3Parameters parameters) : IObjectStore
{
    // S3 names the metadata of users with this in front.
    private const string MetadataPrefix = "x-amz-meta-";
    private const int MostUploads = 100;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private string? _region = parameters.Region;

    public string Place => $"the bucket '{OneLine.From(parameters.Bucket)}' of {(parameters.Endpoint is { } url ? url.Authority : "AWS S3")}";

    public ImmutableSortedDictionary<string, string> Objects
    {
        get
        {
            var objects = ImmutableSortedDictionary<string, string>.Empty.Add("bucket", parameters.Bucket);
            objects = parameters.Prefix.Length > 0 ? objects.Add("prefix", parameters.Prefix) : objects;
            return _region is { } region ? objects.Add("region", region) : objects;
        }
    }

    public bool CreatesOnly(long bytes) => true;

    // Asking for the bucket itself needs rights that writing does not.
    public async Task<ActionOutcome.Failed?> CheckAsync(CallScope scope)
    {
        using var connected = await ConnectAsync(scope.Token);
        return connected.Error is { } error ? new ActionOutcome.Failed(error.Kind, error.Message, Pipeline.Objects.None) : null;
    }

    public async Task<PutResult> PutAsync(StoredObject item, CallScope scope)
    {
        using var connected = await ConnectAsync(scope.Token);
        if (connected.Client is not { } client)
        {
            return S3Answers.ToPut(connected.Error!);
        }

        return item.Bytes <= AwsS3Multipart.SmallestPart
            ? await PutOneAsync(client, item, scope)
            : await new AwsS3Multipart(client, ports, parameters, item).PutAsync(scope);
    }

    public async Task<HeadResult> HeadAsync(string key, CallScope scope)
    {
        if (scope.Refusal() is { } refusal)
        {
            return new HeadResult.Failed(FailureKind.NotSent, refusal);
        }

        using var connected = await ConnectAsync(scope.Token);
        if (connected.Client is not { } client)
        {
            return new HeadResult.Failed(connected.Error!.Kind, connected.Error.Message);
        }

        try
        {
            var answer = await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = parameters.Bucket, Key = key }, scope.Token);
            return new HeadResult.Found(
                answer.ContentLength,
                answer.Metadata.Keys.ToImmutableSortedDictionary(Plain, name => answer.Metadata[name], StringComparer.Ordinal));
        }
        catch (Exception e) when (AwsS3Errors.TryClassify(e, "read the object", ports.Clock, out var error))
        {
            return error.Kind == FailureKind.NotFound ? new HeadResult.Missing() : new HeadResult.Failed(error.Kind, error.Message);
        }
    }

    public async Task RemoveUnfinishedAsync(string key, CallScope scope)
    {
        using var connected = await ConnectAsync(scope.Token);
        if (connected.Client is not { } client)
        {
            return;
        }

        try
        {
            var answer = await client.ListMultipartUploadsAsync(
                new ListMultipartUploadsRequest { BucketName = parameters.Bucket, Prefix = key, MaxUploads = MostUploads }, scope.Token);
            foreach (var upload in (answer.MultipartUploads ?? []).Where(upload => upload.Key == key))
            {
                await client.AbortMultipartUploadAsync(
                    new AbortMultipartUploadRequest { BucketName = parameters.Bucket, Key = key, UploadId = upload.UploadId }, scope.Token);
            }
        }
        catch (Exception e) when (AwsS3Errors.TryClassify(e, "remove parts", ports.Clock, out _))
        {
            // Without the right to list there is no more to be done than what the upload did about itself.
        }
    }

    public async Task<string?> DeleteAsync(string key, CallScope scope)
    {
        using var connected = await ConnectAsync(scope.Token);
        if (connected.Client is not { } client)
        {
            return connected.Error!.Message;
        }

        try
        {
            await client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = parameters.Bucket, Key = key }, scope.Token);
            return null;
        }
        catch (Exception e) when (AwsS3Errors.TryClassify(e, "delete the object", ports.Clock, out var error))
        {
            return error.Message;
        }
    }

    private static string Plain(string name) =>
        name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) ? name[MetadataPrefix.Length..].ToLowerInvariant() : name.ToLowerInvariant();

    private async Task<PutResult> PutOneAsync(AmazonS3Client client, StoredObject item, CallScope scope)
    {
        if (scope.Refusal() is { } refusal)
        {
            return new PutResult.Failed(FailureKind.NotSent, refusal);
        }

        await using var content = item.File.OpenRead();
        var request = new PutObjectRequest
        {
            BucketName = parameters.Bucket,
            Key = item.Key,
            IfNoneMatch = "*",
            InputStream = content,
            AutoCloseStream = false,
            AutoResetStreamPosition = false,
            ContentType = item.ContentType,

            // The store refuses what is not what was captured.
            ChecksumSHA256 = Convert.ToBase64String(Convert.FromHexString(item.Sha256)),
            ServerSideEncryptionMethod = parameters.Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = parameters.KmsKeyId,
            StorageClass = parameters.StorageClass,
        };
        foreach (var (name, value) in item.Metadata)
        {
            request.Metadata.Add(name, value);
        }

        try
        {
            await client.PutObjectAsync(request, scope.Token);
            return new PutResult.Stored();
        }
        catch (Exception e) when (AwsS3Errors.TryClassify(e, "create the object", ports.Clock, out var error))
        {
            return S3Answers.ToPut(error);
        }
    }

    private async Task<Connected> ConnectAsync(CancellationToken cancellationToken)
    {
        AwsAccessResult result;
        try
        {
            result = await ports.Aws.ConnectAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new Connected(null, new AwsError(FailureKind.NotSent, "no credentials of AWS before the deadline of the action"));
        }

        if (!result.TryGet(out var access, out var error))
        {
            return new Connected(null, error);
        }

        var region = parameters.Region is { } named ? RegionEndpoint.GetBySystemName(named) : access.Region;
        _region = region.SystemName;
        var config = new AmazonS3Config
        {
            MaxErrorRetry = 0,

            // Counted apart: a connection that breaks while the answer is awaited would be taken for one that was broken before.
            MaxStaleConnectionRetries = 0,
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,

            // The token of the attempt is what ends a request.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if ((parameters.Endpoint ?? ports.Aws.Endpoint("S3")) is { } url)
        {
            config.ServiceURL = url.ToString();
            config.AuthenticationRegion = region.SystemName;
            config.ForcePathStyle = true;
        }
        else
        {
            config.RegionEndpoint = region;
        }

        return new Connected(new AmazonS3Client(access.Credentials, config), null);
    }

    // One of the two is there.
    private sealed record Connected(AmazonS3Client? Client, AwsError? Error) : IDisposable
    {
        // Connections are shared by all clients of the process.
        public void Dispose() => Client?.Dispose();
    }
}
