using System.Collections.Immutable;
using System.Net;
using Google;
using Google.Apis.Http;
using Google.Apis.Services;
using Google.Apis.Storage.v1;
using Google.Apis.Upload;
using Google.Cloud.Storage.V1;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Outputs.ObjectStores;
using Talon.Rules.Outcomes;
using IHttpClientFactory = Google.Apis.Http.IHttpClientFactory;
using Item = Google.Apis.Storage.v1.Data.Object;

namespace Talon.Actors.Outputs.GcpGcs;

/// <summary>
/// One bucket of Cloud Storage, for one artifact. An object comes to be with its last chunk, whole or not at all. Within one try the library
/// goes on with an upload session that was cut, from the bytes that the server has; it begins none anew.
/// </summary>
internal sealed class GcsStore(GcpConnection connection, GcpGcsParameters parameters) : IObjectStore
{
    // In memory at a time. Google asks for a multiple of 256 KiB; each one costs a round trip.
    private const int ChunkSize = 8 << 20;

    // The addresses of upload sessions that did not end. Whoever knows one may write, so they are in no message.
    private readonly List<Uri> _unfinished = [];

    /// <inheritdoc/>
    public string Place => $"the bucket '{parameters.Bucket}' of Google Cloud Storage";

    /// <inheritdoc/>
    public ImmutableSortedDictionary<string, string> Objects { get; } =
        Pipeline.Objects.None.Add("bucket", parameters.Bucket).Add("prefix", parameters.Prefix);

    /// <inheritdoc/>
    public async Task<ActionOutcome.Failed?> CheckAsync(CallScope scope) =>
        (await connection.AccessTokenAsync(scope)).TryGet(out _, out var error)
            ? null
            : new ActionOutcome.Failed(error.Unsent.Kind, $"{Place} would take nothing: {error.Message}", Pipeline.Objects.None, error.RetryAfter);

    /// <inheritdoc/>
    public async Task<PutResult> PutAsync(StoredObject item, CallScope scope)
    {
        if (!(await OpenAsync(scope)).TryGet(out var call, out var error))
        {
            return new PutResult.Failed(error.Unsent.Kind, error.Message, error.RetryAfter);
        }

        using (call)
        {
            try
            {
                await using var content = item.File.OpenRead();
                string checksum = await FileChecksum.Crc32CAsync(content, scope.Token);
                var wanted = new Item
                {
                    Bucket = parameters.Bucket,
                    Name = item.Key,
                    ContentType = item.ContentType,
                    Metadata = item.Metadata.ToDictionary(StringComparer.Ordinal),
                    Crc32c = checksum,
                };
                var options = new UploadObjectOptions { IfGenerationMatch = 0, ChunkSize = ChunkSize, UploadValidationMode = UploadValidationMode.None };
                var upload = call.Client.CreateObjectUploader(wanted, content, options);
                Uri? session = null;
                upload.UploadSessionData += data => _unfinished.Add(session = data.UploadUri);
                var progress = await upload.UploadAsync(scope.Token);
                if (progress.Status != UploadStatus.Completed)
                {
                    return After(progress.Exception, call, scope);
                }

                _unfinished.Remove(session!);
                await RemoveUnfinishedAsync(item.Key, scope);
                return upload.ResponseBody is { } stored && stored.Size == (ulong)item.Bytes && stored.Crc32c == checksum
                    ? new PutResult.Stored()
                    : new PutResult.Failed(FailureKind.Unknown, "the store has made an object of other bytes than were sent");
            }
            catch (OperationCanceledException e)
            {
                return After(e, call, scope);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new PutResult.Failed(FailureKind.Rejected, "the spooled artifact cannot be read");
            }
        }
    }

    /// <inheritdoc/>
    public async Task<HeadResult> HeadAsync(string key, CallScope scope)
    {
        if (!(await OpenAsync(scope)).TryGet(out var call, out var error))
        {
            return new HeadResult.Failed(error.Unsent.Kind, error.Message);
        }

        using (call)
        {
            try
            {
                var found = await call.Client.GetObjectAsync(parameters.Bucket, key, new GetObjectOptions { RetryOptions = RetryOptions.Never }, scope.Token);
                var metadata = (found.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal);
                return new HeadResult.Found((long)(found.Size ?? 0), metadata);
            }
            catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
            {
                return new HeadResult.Missing();
            }
            catch (Exception e) when (GcpErrors.TryClassify(e, "read the object", out error))
            {
                return new HeadResult.Failed(error.Kind, error.Message);
            }
        }
    }

    /// <inheritdoc/>
    public async Task RemoveUnfinishedAsync(string key, CallScope scope)
    {
        Uri[] sessions = [.. _unfinished];
        _unfinished.Clear();
        if (sessions.Length == 0 || !(await OpenAsync(scope)).TryGet(out var call, out _))
        {
            return;
        }

        using (call)
        {
            foreach (var session in sessions)
            {
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Delete, session);
                    using var response = await call.Client.Service.HttpClient.SendAsync(request, scope.Token);
                }
                catch (Exception e) when (GcpErrors.TryClassify(e, "cancel an upload", out _))
                {
                    // It holds no object, and ends by itself after a week.
                }
            }
        }
    }

    /// <inheritdoc/>
    public async Task<string?> DeleteAsync(string key, CallScope scope)
    {
        if (!(await OpenAsync(scope)).TryGet(out var call, out var error))
        {
            return error.Message;
        }

        using (call)
        {
            try
            {
                await call.Client.DeleteObjectAsync(parameters.Bucket, key, new DeleteObjectOptions { RetryOptions = RetryOptions.Never }, scope.Token);
                return null;
            }
            catch (Exception e) when (GcpErrors.TryClassify(e, "delete the object", out error))
            {
                return error.Message;
            }
        }
    }

    private PutResult After(Exception exception, Call call, CallScope scope)
    {
        if (exception is GoogleApiException { HttpStatusCode: HttpStatusCode.PreconditionFailed })
        {
            return new PutResult.Exists();
        }

        if (exception is OperationCanceledException && scope.Token.IsCancellationRequested)
        {
            return new PutResult.Failed(FailureKind.Timeout, "no answer before the deadline of the action");
        }

        if (call.Requests.Refused is { } refusal)
        {
            return new PutResult.Failed(call.Requests.MayBeStored ? FailureKind.Timeout : FailureKind.NotSent, refusal);
        }

        if (!GcpErrors.TryClassify(exception, "upload the object", out var error))
        {
            throw new InvalidOperationException($"an upload ended with {exception.GetType().Name}", exception);
        }

        if (error.Kind == FailureKind.Unauthorized)
        {
            connection.Forget();
        }

        return new PutResult.Failed(KindOf(error, call.Requests), error.Message, call.Requests.RetryAfter);
    }

    // Before the last chunk was sent there is no object, whatever went wrong. After it, an answer that says nothing of it leaves that open:
    // a session that is gone may have ended with the object.
    private static FailureKind KindOf(GcpError error, GcsRequests requests)
    {
        bool sessionIsGone = requests.Uploading && error.Code is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Gone;
        return (requests.MayBeStored, sessionIsGone) switch
        {
            (true, true) => FailureKind.ConnectionLost,
            (true, false) => error.Kind.ProvablyNotDone() ? FailureKind.ConnectionLost : error.Kind,
            (false, true) => FailureKind.NotSent,
            _ => error.Unsent.Kind,
        };
    }

    private async Task<GcpResult<Call>> OpenAsync(CallScope scope)
    {
        if (!(await connection.CredentialsAsync(scope)).TryGet(out var credentials, out var error))
        {
            return error;
        }

        var factory = new Factory(connection, scope);
        var service = new StorageService(new BaseClientService.Initializer
        {
            BaseUri = connection.Services.StorageUrl,
            HttpClientInitializer = credentials.SelfSigned,
            HttpClientFactory = factory,
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,
            GZipEnabled = false,
            ApplicationName = "talon",
        });
        return new Call(new StorageClientImpl(service), factory.Requests!);
    }

    private sealed class Call(StorageClient client, GcsRequests requests) : IDisposable
    {
        public StorageClient Client { get; } = client;

        public GcsRequests Requests { get; } = requests;

        public void Dispose() => Client.Dispose();
    }

    private sealed class Factory(GcpConnection connection, CallScope scope) : IHttpClientFactory
    {
        public GcsRequests? Requests { get; private set; }

        public ConfigurableHttpClient CreateHttpClient(CreateHttpClientArgs args) =>
            connection.Transport.CreateHttpClient(args, inner => Requests = new GcsRequests(inner, scope, connection.Clock));
    }
}
