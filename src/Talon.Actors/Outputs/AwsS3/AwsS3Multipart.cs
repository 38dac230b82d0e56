using Amazon.S3;
using Amazon.S3.Model;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Outputs.ObjectStores;
using Talon.Actors.Pipeline;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.AwsS3;

/// <summary>
/// One object that is sent in parts, several at a time, straight from the file. The object is there when the last request is answered, and not
/// before; what failed takes its parts with it.
/// </summary>
internal sealed class AwsS3Multipart(IAmazonS3 client, OutputPorts ports, AwsS3Parameters parameters, StoredObject item)
{
    /// <summary>Objects up to this size are sent in one request: 8 MiB.</summary>
    public const long SmallestPart = 8 << 20;

    private const int MostParts = 10_000;
    private const int InFlight = 4;

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

    /// <summary>Makes one try.</summary>
    public async Task<PutResult> PutAsync(CallScope scope)
    {
        if (scope.Refusal() is { } refusal)
        {
            return new PutResult.Failed(FailureKind.NotSent, refusal);
        }

        string upload;
        try
        {
            upload = await BeginAsync(scope);
        }
        catch (Exception e) when (AwsS3Errors.TryClassify(e, "begin the upload", ports.Clock, out var error))
        {
            return NotCreated(S3Answers.ToPut(error));
        }

        PutResult? result = null;
        try
        {
            var (parts, failed) = await SendAsync(upload, scope);
            return result = failed ?? await CompleteAsync(upload, parts, scope);
        }
        finally
        {
            if (result is not PutResult.Stored)
            {
                await AbortAsync(upload, scope);
            }
        }
    }

    // There is no object before the upload is completed.
    private static PutResult NotCreated(PutResult result) => result is PutResult.Failed failed ? failed with { NotCreated = true } : result;

    private async Task<string> BeginAsync(CallScope scope)
    {
        var request = new InitiateMultipartUploadRequest
        {
            BucketName = parameters.Bucket,
            Key = item.Key,
            ContentType = item.ContentType,
            ServerSideEncryptionMethod = parameters.Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = parameters.KmsKeyId,
            StorageClass = parameters.StorageClass,
        };
        foreach (var (name, value) in item.Metadata)
        {
            request.Metadata.Add(name, value);
        }

        return (await client.InitiateMultipartUploadAsync(request, scope.Token)).UploadId;
    }

    private async Task<(UploadPartResponse[] Parts, PutResult? Failed)> SendAsync(string upload, CallScope scope)
    {
        var parts = new UploadPartResponse[((item.Bytes - 1) / _partSize) + 1];
        PutResult? first = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(scope.Token);
        var options = new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = stop.Token };
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, parts.Length), options, async (index, token) =>
            {
                var (part, failed) = await SendPartAsync(upload, index, scope, token);
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

    private async Task<(UploadPartResponse? Part, PutResult? Failed)> SendPartAsync(string upload, int index, CallScope scope, CancellationToken token)
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
                return (await SendPartAsync(upload, index, token), null);
            }
            catch (Exception e) when (AwsS3Errors.TryClassify(e, $"upload part {index + 1}", ports.Clock, out error))
            {
                var delay = RetryPolicy.Backoff(attempt, ports.Jitter());
                delay = error.RetryAfter > delay ? error.RetryAfter.Value : delay;
                if (!error.Kind.IsTransient() || attempt == TriesOfPart || token.IsCancellationRequested || delay >= scope.Left)
                {
                    return (null, NotCreated(S3Answers.ToPut(error)));
                }

                await Task.Delay(delay, ports.Clock, token);
            }
        }
    }

    private async Task<UploadPartResponse> SendPartAsync(string upload, int index, CancellationToken token)
    {
        await using var content = item.File.OpenRead();
        content.Position = index * _partSize;
        return await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = parameters.Bucket,
                Key = item.Key,
                UploadId = upload,
                PartNumber = index + 1,
                InputStream = content,
                PartSize = Math.Min(_partSize, item.Bytes - content.Position),
            },
            token);
    }

    private async Task<PutResult> CompleteAsync(string upload, UploadPartResponse[] parts, CallScope scope)
    {
        if (scope.Refusal() is { } refusal)
        {
            return new PutResult.Failed(FailureKind.NotSent, refusal);
        }

        var request = new CompleteMultipartUploadRequest { BucketName = parameters.Bucket, Key = item.Key, UploadId = upload, IfNoneMatch = "*" };
        request.AddPartETags(parts);
        try
        {
            await client.CompleteMultipartUploadAsync(request, scope.Token);
            return new PutResult.Stored();
        }
        catch (Exception e) when (AwsS3Errors.TryClassify(e, "complete the upload", ports.Clock, out var error))
        {
            return S3Answers.ToPut(error);
        }
    }

    // Also after the deadline. An upload that was completed after all is none any more and cannot be aborted.
    private async Task AbortAsync(string upload, CallScope scope)
    {
        using var time = new CancellationTokenSource(CleanupTime, ports.Clock);
        var cleanup = scope.ForCleanup(CleanupTime, time.Token);
        try
        {
            await client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = parameters.Bucket, Key = item.Key, UploadId = upload }, cleanup.Token);
        }
        catch (Exception e) when (AwsS3Errors.TryClassify(e, "abort the upload", ports.Clock, out _))
        {
            // RemoteOutput asks once more for all that is left of the key.
        }
    }
}
