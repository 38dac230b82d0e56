using System.Collections.Immutable;
using Amazon.S3;
using Amazon.S3.Model;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Outputs.ObjectStores;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Outputs.S3;

/// <summary>One bucket, by the S3 client of AWS. The client repeats nothing by itself.</summary>
internal sealed class S3Store(OutputPorts ports, IS3Place place) : IObjectStore
{
    // S3 names the metadata of users with this in front.
    private const string MetadataPrefix = "x-amz-meta-";
    private const int MostUploads = 100;

    private string? _region = place.Region;

    public string Place => $"the bucket '{OneLine.From(place.Bucket)}' of {OneLine.From(place.Service)}";

    public ImmutableSortedDictionary<string, string> Objects
    {
        get
        {
            var objects = ImmutableSortedDictionary<string, string>.Empty.Add("bucket", place.Bucket);
            objects = place.Prefix.Length > 0 ? objects.Add("prefix", place.Prefix) : objects;
            return place.HasRegions && _region is { } region ? objects.Add("region", region) : objects;
        }
    }

    public async Task<ActionOutcome.Failed?> CheckAsync(CallScope scope)
    {
        if (!place.ChecksBucket)
        {
            using var connected = await ConnectAsync(scope.Token);
            return connected.Error is { } missing ? new ActionOutcome.Failed(missing.Kind, missing.Message, Pipeline.Objects.None) : null;
        }

        var (_, error) = await CallAsync("find the bucket", scope, client => client.HeadBucketAsync(new HeadBucketRequest { BucketName = place.Bucket }, scope.Token));

        // Whoever may write need not be allowed to ask. An answer without a code does not tell that from a wrong key.
        return error is null or { Kind: FailureKind.Forbidden }
            ? null
            : new ActionOutcome.Failed(
                error.Kind,
                error.Status == 404 ? $"{Place} does not exist" : $"{Place} cannot be used: {error.Message}",
                Pipeline.Objects.None);
    }

    public Task<PutResult> PutAsync(StoredObject item, CallScope scope) =>
        item.Bytes <= S3Multipart.SmallestPart ? PutOneAsync(item, scope) : PutPartsAsync(item, scope);

    public async Task<HeadResult> HeadAsync(string key, CallScope scope)
    {
        var (answer, error) = await CallAsync(
            "read the object", scope, client => client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = place.Bucket, Key = key }, scope.Token));
        return error switch
        {
            null => new HeadResult.Found(
                answer!.ContentLength,
                answer.Metadata.Keys.ToImmutableSortedDictionary(Plain, name => answer.Metadata[name], StringComparer.Ordinal)),
            { Kind: FailureKind.NotFound } => new HeadResult.Missing(),
            _ => new HeadResult.Failed(error.Kind, error.Message),
        };
    }

    public async Task RemoveUnfinishedAsync(string key, CallScope scope)
    {
        // Without the right to list there is no more to be done than what the upload did about itself.
        var (answer, _) = await CallAsync(
            "list the uploads",
            scope,
            client => client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = place.Bucket, Prefix = key, MaxUploads = MostUploads }, scope.Token));
        foreach (var upload in (answer?.MultipartUploads ?? []).Where(upload => upload.Key == key))
        {
            await CallAsync(
                "abort an upload",
                scope,
                client => client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = place.Bucket, Key = key, UploadId = upload.UploadId }, scope.Token));
        }
    }

    public async Task<string?> DeleteAsync(string key, CallScope scope)
    {
        var (_, error) = await CallAsync(
            "delete the object", scope, client => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = place.Bucket, Key = key }, scope.Token));
        return error?.Message;
    }

    private static string Plain(string name) =>
        name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) ? name[MetadataPrefix.Length..].ToLowerInvariant() : name.ToLowerInvariant();

    private async Task<PutResult> PutOneAsync(StoredObject item, CallScope scope)
    {
        var (_, error) = await CallAsync("create the object", scope, async client =>
        {
            await using var content = item.File.OpenRead();
            var request = new PutObjectRequest
            {
                BucketName = place.Bucket,
                Key = item.Key,
                IfNoneMatch = "*",
                InputStream = content,
                AutoCloseStream = false,
                AutoResetStreamPosition = false,
                ContentType = item.ContentType,

                // The store refuses what is not what was captured.
                ChecksumSHA256 = place.TakesChecksum ? Convert.ToBase64String(Convert.FromHexString(item.Sha256)) : null,
                ServerSideEncryptionMethod = place.Options.Encryption,
                ServerSideEncryptionKeyManagementServiceKeyId = place.Options.KmsKeyId,
                StorageClass = place.Options.StorageClass,
            };
            foreach (var (name, value) in item.Metadata)
            {
                request.Metadata.Add(name, value);
            }

            return await client.PutObjectAsync(request, scope.Token);
        });
        return error is null ? new PutResult.Stored() : S3Answers.ToPut(error);
    }

    private async Task<PutResult> PutPartsAsync(StoredObject item, CallScope scope)
    {
        var (begun, error) = await CallAsync("begin the upload", scope, client => S3Multipart.BeginAsync(client, place, item, scope.Token));
        if (begun is null)
        {
            return S3Answers.NotCreated(S3Answers.ToPut(error!));
        }

        using var connected = await ConnectAsync(scope.Token);
        return connected.Client is { } client
            ? await new S3Multipart(client, ports, place.Bucket, item, begun.UploadId).PutAsync(scope)
            : S3Answers.NotCreated(S3Answers.ToPut(connected.Error!));
    }

    // One call; or two when the first says for which region it wants to be signed, which is an answer of before anything was done.
    private async Task<(T? Answer, AwsError? Error)> CallAsync<T>(string doing, CallScope scope, Func<AmazonS3Client, Task<T>> call)
    {
        for (bool first = true; ; first = false)
        {
            if (scope.Refusal() is { } refusal)
            {
                return (default, new AwsError(FailureKind.NotSent, refusal));
            }

            using var connected = await ConnectAsync(scope.Token);
            if (connected.Client is not { } client)
            {
                return (default, connected.Error);
            }

            try
            {
                return (await call(client), null);
            }
            catch (Exception e) when (S3Errors.TryClassify(e, doing, ports.Clock, out var error))
            {
                if (!first || place.HasRegions || error.Status != 400 || S3Errors.RegionOf(e) is not { Length: > 0 } region || region == _region)
                {
                    return (default, error);
                }

                _region = region;
            }
        }
    }

    private async Task<S3Connection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connected = await place.ConnectAsync(_region, cancellationToken);
            _region = connected.Region ?? _region;
            return connected;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new S3Connection(null, null, new AwsError(FailureKind.NotSent, "no credentials of AWS before the deadline of the action"));
        }
    }
}
