using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Minio;
using Minio.DataModel.Args;
using Minio.Exceptions;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Outputs.ObjectStores;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Outputs.MinioS3;

/// <summary>
/// One bucket, by Minio's client. That reads each part into memory, one at a time, and repeats nothing by itself.
/// </summary>
internal sealed class MinioS3Store(OutputPorts ports, MinioS3Parameters parameters) : IObjectStore
{
    // Fixed in the client: what is smaller is sent in one request.
    private const long SmallestMultipart = 5 << 20;
    private const string MetadataPrefix = "x-amz-meta-";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CleanupTime = TimeSpan.FromSeconds(2);

    // MinIO's own unless somebody has set another; with it the client need not ask where the bucket is.
    private string _region = "us-east-1";

    public string Place => $"the bucket '{OneLine.From(parameters.Bucket)}' of MinIO at {OneLine.From(ports.Minio.Endpoint)}";

    public ImmutableSortedDictionary<string, string> Objects
    {
        get
        {
            var objects = ImmutableSortedDictionary<string, string>.Empty.Add("bucket", parameters.Bucket);
            return parameters.Prefix.Length > 0 ? objects.Add("prefix", parameters.Prefix) : objects;
        }
    }

    // The end of an upload in parts carries the precondition too, which servers older than it pass over.
    public bool CreatesOnly(long bytes) => bytes < SmallestMultipart;

    public async Task<ActionOutcome.Failed?> CheckAsync(CallScope scope)
    {
        var (_, error, _) = await CallAsync(
            scope, (client, token) => client.BucketExistsAsync(new BucketExistsArgs().WithBucket(parameters.Bucket), token));

        // Whoever may write need not be allowed to ask. An answer without a code does not tell that from a wrong key.
        return error is null or { Kind: FailureKind.Forbidden }
            ? null
            : new ActionOutcome.Failed(
                error.Kind,
                error.Status == 404 ? $"{Place} does not exist" : $"{Place} cannot be used: {error.Message}",
                Pipeline.Objects.None);
    }

    public async Task<PutResult> PutAsync(StoredObject item, CallScope scope)
    {
        var (_, error, created) = await CallAsync(scope, async (client, token) =>
        {
            await using var content = item.File.OpenRead();
            return await client.PutObjectAsync(
                new PutObjectArgs()
                    .WithBucket(parameters.Bucket)
                    .WithObject(item.Key)
                    .WithContentType(item.ContentType)
                    .WithHeaders(item.Metadata.ToDictionary(value => MetadataPrefix + value.Key, value => value.Value, StringComparer.Ordinal))
                    .WithObjectSize(item.Bytes)
                    .WithStreamData(content),
                token);
        });
        if (error is null)
        {
            return new PutResult.Stored();
        }

        if (item.Bytes >= SmallestMultipart)
        {
            using var time = new CancellationTokenSource(CleanupTime, ports.Clock);
            await RemoveUnfinishedAsync(item.Key, scope.ForCleanup(CleanupTime, time.Token));
        }

        var result = S3Answers.ToPut(error);
        return result is PutResult.Failed failed ? failed with { NotCreated = !created } : result;
    }

    public async Task<HeadResult> HeadAsync(string key, CallScope scope)
    {
        var (found, error, _) = await CallAsync(
            scope, (client, token) => client.StatObjectAsync(new StatObjectArgs().WithBucket(parameters.Bucket).WithObject(key), token));
        return error switch
        {
            null => new HeadResult.Found(found!.Size, found.MetaData.ToImmutableSortedDictionary(item => Plain(item.Key), item => item.Value, StringComparer.Ordinal)),
            { Kind: FailureKind.NotFound } => new HeadResult.Missing(),
            _ => new HeadResult.Failed(error.Kind, error.Message),
        };
    }

    public async Task RemoveUnfinishedAsync(string key, CallScope scope) =>
        await CallAsync(scope, async (client, token) =>
        {
            await client.RemoveIncompleteUploadAsync(new RemoveIncompleteUploadArgs().WithBucket(parameters.Bucket).WithObject(key), token);
            return true;
        });

    public async Task<string?> DeleteAsync(string key, CallScope scope)
    {
        var (_, error, _) = await CallAsync(scope, async (client, token) =>
        {
            await client.RemoveObjectAsync(new RemoveObjectArgs().WithBucket(parameters.Bucket).WithObject(key), token);
            return true;
        });
        return error?.Message;
    }

    private static string Plain(string name) =>
        name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase) ? name[MetadataPrefix.Length..].ToLowerInvariant() : name.ToLowerInvariant();

    // Created: whether a request that makes an object was sent.
    private async Task<(T? Answer, AwsError? Error, bool Created)> CallAsync<T>(CallScope scope, Func<IMinioClient, CancellationToken, Task<T>> call)
    {
        while (true)
        {
            using var network = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = ConnectTimeout };
            using var handler = new MinioHandler(scope, ports.Clock) { InnerHandler = network };

            // The token of the attempt is what ends a request.
            using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
            try
            {
                using var client = new MinioClient()
                    .WithEndpoint(ports.Minio.Endpoint)
                    .WithCredentials(ports.Minio.AccessKey, ports.Minio.SecretKey)
                    .WithRegion(_region)
                    .WithSSL(ports.Minio.UseTls)
                    .WithHttpClient(http)
                    .Build();
                return (await call(client, scope.Token), null, handler.Created);
            }
            catch (MinioFailure e) when (e.Region is { Length: > 0 } region && region != _region && _region == "us-east-1")
            {
                _region = region;
            }
            catch (Exception e) when (TryClassify(e, out var error))
            {
                return (default, error, handler.Created);
            }
        }
    }

    private bool TryClassify(Exception exception, [NotNullWhen(true)] out AwsError? error)
    {
        error = exception switch
        {
            MinioFailure failure => failure.Error,

            // The client's own: it does not take the name of the bucket, for instance.
            MinioException => new AwsError(FailureKind.Invalid, $"the client refuses the request: {OneLine.From(exception.Message)}"),

            // It does not check what it reads: an answer without an element that it counts on ends so.
            NullReferenceException or FormatException or InvalidOperationException =>
                new AwsError(FailureKind.ServerError, "the answer is not what MinIO sends"),
            _ => null,
        };
        return error is not null || AwsErrors.TryClassify(exception, "reach MinIO", ports.Clock, out error);
    }
}
