using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Talon.CloudApi.S3;

/// <summary>
/// A server that speaks as much of S3 as an upload needs, with preconditions, and does wrong when it is told to. Operations are called <c>put</c>,
/// <c>begin</c>, <c>part</c>, <c>complete</c>, <c>abort</c>, <c>list</c>, <c>head</c>, <c>bucket</c> and <c>delete</c>. Its one bucket is
/// <c>evidence</c>.
/// </summary>
public sealed class S3StandIn : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<S3Fault>> _faults = new(StringComparer.Ordinal);
    private readonly WebApplication _app;
    private int _uploads;

    private S3StandIn()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>The objects by key.</summary>
    public ConcurrentDictionary<string, S3Object> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>The uploads that are neither completed nor aborted, by id.</summary>
    public ConcurrentDictionary<string, S3Upload> Uploads { get; } = new(StringComparer.Ordinal);

    /// <summary>The operations that were asked for, in their order.</summary>
    public ConcurrentQueue<(string Operation, ImmutableDictionary<string, string> Headers)> Requests { get; } = new();

    /// <summary>Bodies are read and thrown away: objects and parts are empty. Default false.</summary>
    public bool ForgetsBodies { get; set; }

    /// <summary>Called with the operation when a request was read; null for nothing.</summary>
    public Action<string>? Arrived { get; set; }

    /// <summary>Where it is.</summary>
    public Uri Address { get; private set; } = null!;

    public static async Task<S3StandIn> StartAsync()
    {
        var server = new S3StandIn();
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Services.GetService(typeof(Microsoft.AspNetCore.Hosting.Server.IServer)) is Microsoft.AspNetCore.Hosting.Server.IServer host
            ? host.Features.Get<IServerAddressesFeature>()!.Addresses.Single()
            : "");
        return server;
    }

    /// <summary>The next request of this operation goes wrong.</summary>
    public void Fail(string operation, params ReadOnlySpan<S3Fault> faults)
    {
        foreach (var fault in faults)
        {
            _faults.GetOrAdd(operation, _ => new ConcurrentQueue<S3Fault>()).Enqueue(fault);
        }
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void ClearFaults() => _faults.Clear();

    public int Count(string operation) => Requests.Count(request => request.Operation == operation);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string OperationOf(HttpRequest request, string key) => (request.Method, key.Length > 0, request.Query) switch
    {
        ("PUT", true, var query) => query.ContainsKey("uploadId") ? "part" : "put",
        ("POST", true, var query) => query.ContainsKey("uploads") ? "begin" : "complete",
        ("DELETE", true, var query) => query.ContainsKey("uploadId") ? "abort" : "delete",
        ("HEAD", true, _) => "head",
        ("HEAD", false, _) => "bucket",
        _ => "list",
    };

    private async Task ServeAsync(HttpContext context)
    {
        string[] path = (context.Request.Path.Value ?? "/")[1..].Split('/', 2);
        string key = path.Length > 1 ? path[1] : "";
        string operation = OperationOf(context.Request, key);
        Requests.Enqueue((operation, context.Request.Headers.ToImmutableDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString())));
        var fault = _faults.TryGetValue(operation, out var queue) && queue.TryDequeue(out var next) ? next : null;
        switch (fault)
        {
            case S3Fault.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case S3Fault.CutBody cut:
                _ = await context.Request.Body.ReadAtLeastAsync(new byte[cut.After], (int)cut.After, throwOnEndOfStream: false);
                context.Abort();
                return;
        }

        byte[] body = await BodyAsync(context.Request);
        Arrived?.Invoke(operation);
        if (fault is S3Fault.Refuse refuse)
        {
            foreach (var (name, value) in refuse.Headers)
            {
                context.Response.Headers[name] = value;
            }

            await AnswerAsync(context, refuse.Status, refuse.Code.Length == 0 ? "" : ErrorXml(refuse.Code));
            return;
        }

        if (fault is S3Fault.ErrorIn200)
        {
            await AnswerAsync(context, 200, ErrorXml("InternalError"));
            return;
        }

        var (status, answer) = path[0] == "evidence" ? CarryOut(context, operation, key, body) : (404, ErrorXml("NoSuchBucket"));
        if (fault is S3Fault.CutAnswer)
        {
            context.Abort();
            return;
        }

        await AnswerAsync(context, status, answer);
    }

    private static Task AnswerAsync(HttpContext context, int status, string answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return answer.Length > 0 && context.Request.Method != "HEAD" ? context.Response.WriteAsync(answer) : Task.CompletedTask;
    }

    private static string ErrorXml(string code) => $"<Error><Code>{code}</Code><Message>the stand-in says {code}</Message></Error>";

    private static byte[] Joined(S3Upload upload)
    {
        using var whole = new MemoryStream();
        foreach (var (_, part) in upload.Parts.OrderBy(part => part.Key))
        {
            whole.Write(part);
        }

        return whole.ToArray();
    }

    private static string ETag(byte[] bytes) => $"\"{Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, bytes))}\"";

    private (int Status, string Answer) CarryOut(HttpContext context, string operation, string key, byte[] body)
    {
        var request = context.Request;
        string upload = request.Query["uploadId"].ToString();
        switch (operation)
        {
            case "put":
                context.Response.Headers.ETag = ETag(body);
                return Create(request, key, new S3Object(body, request.ContentType, MetadataOf(request))) ? (200, "") : (412, ErrorXml("PreconditionFailed"));
            case "begin":
                string id = $"upload-{Interlocked.Increment(ref _uploads)}";
                Uploads[id] = new S3Upload(key, request.ContentType, MetadataOf(request), new());
                return (200, $"<InitiateMultipartUploadResult><Bucket>evidence</Bucket><Key>{SecurityElement.Escape(key)}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
            case "part" when Uploads.TryGetValue(upload, out var parts):
                parts.Parts[int.Parse(request.Query["partNumber"].ToString(), CultureInfo.InvariantCulture)] = body;
                context.Response.Headers.ETag = ETag(body);
                return (200, "");
            case "complete" when Uploads.TryGetValue(upload, out var parts):
                if (!Create(request, key, new S3Object(Joined(parts), parts.ContentType, parts.Metadata)))
                {
                    return (412, ErrorXml("PreconditionFailed"));
                }

                Uploads.TryRemove(upload, out _);
                return (200, $"<CompleteMultipartUploadResult><Key>{SecurityElement.Escape(key)}</Key><ETag>\"{upload}\"</ETag></CompleteMultipartUploadResult>");
            case "abort" when Uploads.TryRemove(upload, out _):
                return (204, "");
            case "part" or "complete" or "abort":
                return (404, ErrorXml("NoSuchUpload"));
            case "head" when Objects.TryGetValue(key, out var found):
                foreach (var (name, value) in found.Metadata)
                {
                    context.Response.Headers[$"x-amz-meta-{name}"] = value;
                }

                context.Response.Headers.ETag = ETag(found.Bytes);
                context.Response.Headers.LastModified = "Tue, 01 Dec 2026 00:00:00 GMT";
                context.Response.ContentLength = found.Bytes.Length;
                return (200, "");
            case "head":
                return (404, "");
            case "delete":
                Objects.TryRemove(key, out _);
                return (204, "");
            case "bucket":
                return (200, "");
            default:
                return (200, $"<ListMultipartUploadsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsTruncated>false</IsTruncated>{string.Concat(Uploads.Select(item => $"<Upload><Key>{SecurityElement.Escape(item.Value.Key)}</Key><UploadId>{item.Key}</UploadId><Initiated>2026-12-01T00:00:00.000Z</Initiated></Upload>"))}</ListMultipartUploadsResult>");
        }
    }

    private bool Create(HttpRequest request, string key, S3Object item)
    {
        if (request.Headers.IfNoneMatch == "*")
        {
            return Objects.TryAdd(key, item);
        }

        Objects[key] = item;
        return true;
    }

    private static ImmutableSortedDictionary<string, string> MetadataOf(HttpRequest request) => request.Headers
        .Where(header => header.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase))
        .ToImmutableSortedDictionary(header => header.Key["x-amz-meta-".Length..].ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal);

    private async Task<byte[]> BodyAsync(HttpRequest request)
    {
        if (ForgetsBodies)
        {
            await request.Body.CopyToAsync(Stream.Null);
            return [];
        }

        using var whole = new MemoryStream();
        await request.Body.CopyToAsync(whole);
        return request.Headers["x-amz-content-sha256"].ToString().StartsWith("STREAMING-", StringComparison.Ordinal) ? Unframed(whole.ToArray()) : whole.ToArray();
    }

    // SIZE;chunk-signature=…\r\n BYTES \r\n … 0;…\r\n trailers
    private static byte[] Unframed(ReadOnlySpan<byte> framed)
    {
        using var plain = new MemoryStream();
        while (true)
        {
            int line = framed.IndexOf("\r\n"u8);
            string size = Encoding.ASCII.GetString(framed[..line]).Split(';')[0];
            int length = int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                return plain.ToArray();
            }

            plain.Write(framed.Slice(line + 2, length));
            framed = framed[(line + 2 + length + 2)..];
        }
    }
}

/// <summary>An object of the stand-in.</summary>
public sealed record S3Object(byte[] Bytes, string? ContentType, ImmutableSortedDictionary<string, string> Metadata);

/// <summary>An upload of the stand-in that has not ended.</summary>
public sealed record S3Upload(string Key, string? ContentType, ImmutableSortedDictionary<string, string> Metadata, ConcurrentDictionary<int, byte[]> Parts);
