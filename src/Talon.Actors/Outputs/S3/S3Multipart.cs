using Amazon.S3;
using Amazon.S3.Model;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Outputs.ObjectStores;
using Talon.Actors.Pipeline;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.S3;

/// <summary>
/// One object that is sent in parts, several at a time, straight from the file. The object is there when the last request is answered, and not
/// before; what failed takes its parts with it.
/// </summary>
internal sealed class S3Multipart(IAmazonS3 client, OutputPorts ports, string bucket, StoredObject item, string upload)
{
    /// <summary>Objects up to this size are sent in one request: 8 MiB.</summary>
    public const long SmallestPart = 8 << 20;

    private const int MostParts = 10_000;
    private const int InFlight = 3;

    // A part that is sent twice is the same part.
    private const int TriesOfPart = 4;

    private static readonly TimeSpan CleanupTime = TimeSpan.FromSeconds(2);

    private readonly long _partSize = PartSize(item.Bytes);

    /// <summary>The size of all parts but the last: the smallest with which there are not too many, in whole MiB.</summary>
    public static long PartSize(long bytes)
    {
        long least = ((bytes - 1) / MostParts) + 1;
        return Math.Max(SmallestPart, ((least - 1) / (1 << 20) + 1) << 20);
    }

    /// <summary>Begins an upload, which its id stands for from then on.</summary>
    public static Task<InitiateMultipartUploadResponse> BeginAsync(IAmazonS3 client, IS3Place place, StoredObject item, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = place.Bucket,
            Key = item.Key,
            ContentType = item.ContentType,
            ServerSideEncryptionMethod = place.Options.Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = place.Options.KmsKeyId,
            StorageClass = place.Options.StorageClass,
        };
        foreach (var (name, value) in item.Metadata)
        {
            request.Metadata.Add(name, value);
        }

        return client.InitiateMultipartUploadAsync(request, cancellationToken);
    }

    /// <summary>Sends the parts of an upload that was begun and completes it, or aborts it.</summary>
    public async Task<PutResult> PutAsync(CallScope scope)
    {
        PutResult? result = null;
        try
        {
            var (parts, failed) = await SendAsync(scope);
            return result = failed ?? await CompleteAsync(parts, scope);
        }
        finally
        {
            if (result is not PutResult.Stored)
            {
                await AbortAsync(scope);
            }
        }
    }

    private async Task<(UploadPartResponse[] Parts, PutResult? Failed)> SendAsync(CallScope scope)
    {
        var parts = new UploadPartResponse[((item.Bytes - 1) / _partSize) + 1];
        PutResult? first = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(scope.Token);
        var options = new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = stop.Token };
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, parts.Length), options, async (index, token) =>
            {
                var (part, failed) = await SendPartAsync(index, scope, token);
                if (part is not null)
                {
                    parts[index] = part;
                }
                else
                {
                    Interlocked.CompareExchange(ref first, failed, null);
                    await stop.CancelAsync();
                }
            });
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            first ??= new PutResult.Failed(FailureKind.Timeout, "the deadline of the action has passed") { NotCreated = true };
        }

        return (parts, first);
    }

    private async Task<(UploadPartResponse? Part, PutResult? Failed)> SendPartAsync(int index, CallScope scope, CancellationToken token)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (scope.Refusal() is { } refusal)
            {
                return (null, new PutResult.Failed(FailureKind.NotSent, refusal) { NotCreated = true });
            }

            AwsError? error;
            try
            {
                return (await SendPartAsync(index, token), null);
            }
            catch (Exception e) when (S3Errors.TryClassify(e, $"upload part {index + 1}", ports.Clock, out error))
            {
                var delay = RetryPolicy.Backoff(attempt, ports.Jitter());
                delay = error.RetryAfter > delay ? error.RetryAfter.Value : delay;
                if (!error.Kind.IsTransient() || attempt == TriesOfPart || token.IsCancellationRequested || delay >= scope.Left)
                {
                    return (null, S3Answers.NotCreated(S3Answers.ToPut(error)));
                }

                await Task.Delay(delay, ports.Clock, token);
            }
        }
    }

    private async Task<UploadPartResponse> SendPartAsync(int index, CancellationToken token)
    {
        await using var content = item.File.OpenRead();
        content.Position = index * _partSize;
        return await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = bucket,
                Key = item.Key,
                UploadId = upload,
                PartNumber = index + 1,
                InputStream = content,
                PartSize = Math.Min(_partSize, item.Bytes - content.Position),
            },
            token);
    }

    private async Task<PutResult> CompleteAsync(UploadPartResponse[] parts, CallScope scope)
    {
        if (scope.Refusal() is { } refusal)
        {
            return new PutResult.Failed(FailureKind.NotSent, refusal);
        }

        var request = new CompleteMultipartUploadRequest { BucketName = bucket, Key = item.Key, UploadId = upload, IfNoneMatch = "*" };
        request.AddPartETags(parts);
        try
        {
            await client.CompleteMultipartUploadAsync(request, scope.Token);
            return new PutResult.Stored();
        }
        catch (Exception e) when (S3Errors.TryClassify(e, "complete the upload", ports.Clock, out var error))
        {
            return S3Answers.ToPut(error);
        }
    }

    // Also after the deadline. An upload that was completed after all is none any more and cannot be aborted.
    private async Task AbortAsync(CallScope scope)
    {
        using var time = new CancellationTokenSource(CleanupTime, ports.Clock);
        var cleanup = scope.ForCleanup(CleanupTime, time.Token);
        try
        {
            await client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = bucket, Key = item.Key, UploadId = upload }, cleanup.Token);
        }
        catch (Exception e) when (S3Errors.TryClassify(e, "abort the upload", ports.Clock, out _))
        {
            // RemoteOutput asks once more for all that is left of the key.
        }
    }
}
