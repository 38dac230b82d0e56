using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Clients.Calls;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.MinioS3;

/// <summary>
/// Stands between Minio's client and the network for the requests of one call: asks the scope before each, adds the precondition that the client
/// cannot, bounds the answers, and throws <see cref="MinioFailure"/> for all that are no success.
/// </summary>
internal sealed class MinioHandler(CallScope scope, TimeProvider clock) : DelegatingHandler
{
    // A list of 1,000 uploads is well below it.
    private const int LongestAnswer = 4 << 20;
    private const int LongestError = 64 << 10;

    /// <summary>Whether the request that makes the object was sent.</summary>
    public bool Created { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string doing = Doing(request);
        if (scope.Refusal() is { } refusal)
        {
            throw new MinioFailure(new AwsError(FailureKind.NotSent, refusal));
        }

        bool completes = request.Method == HttpMethod.Post && HasUpload(request);
        if (completes || (request.Method == HttpMethod.Put && !HasUpload(request)))
        {
            // Not signed, which it need not be: a signature covers the host and what begins with x-amz.
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
            Created = true;
        }

        if (request.Method == HttpMethod.Put && HasUpload(request))
        {
            // The client makes a new array of 16 MiB for each part. Left to itself the collector lets a hundred MiB of them pile up.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        }

        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            // The client copies the body that it has sent once more, and has no use for it.
            if (request.Content is not null)
            {
                request.Content = new ByteArrayContent([]);
            }

            if (response.StatusCode != HttpStatusCode.OK && !(response.StatusCode == HttpStatusCode.NoContent && request.Method == HttpMethod.Delete))
            {
                throw await FailureAsync(response, doing, cancellationToken);
            }

            // What HEAD says of a length is about the object.
            if (request.Method != HttpMethod.Head)
            {
                await response.Content.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
            }

            if (completes && !(await response.Content.ReadAsStringAsync(cancellationToken)).Contains("<CompleteMultipartUploadResult", StringComparison.Ordinal))
            {
                // The server began to answer before it was done, and then failed.
                throw new MinioFailure(new AwsError(FailureKind.ServerError, $"cannot {doing}: 200, and an error in the answer"));
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static bool HasUpload(HttpRequestMessage request) => request.RequestUri!.Query.Contains("uploadId=", StringComparison.Ordinal);

    private static string Doing(HttpRequestMessage request) => request.Method.Method switch
    {
        "HEAD" => "read the object",
        "PUT" when HasUpload(request) => "upload a part",
        "PUT" => "create the object",
        "POST" when HasUpload(request) => "complete the upload",
        "POST" => "begin the upload",
        "DELETE" => "delete the object",
        _ => "list the uploads",
    };

    private async Task<MinioFailure> FailureAsync(HttpResponseMessage response, string doing, CancellationToken cancellationToken)
    {
        var said = Read(await StartAsync(response, cancellationToken));

        // The answer to HEAD has no body.
        string code = Of(said, "Code") ?? Header(response, "X-Minio-Error-Code") ?? "";
        string text = Of(said, "Message") ?? Header(response, "X-Minio-Error-Desc")?.Trim('"') ?? "";
        var error = AwsErrors.FromAnswer(doing, (int)response.StatusCode, code, text, Header(response, "Retry-After"), clock);
        return new MinioFailure(error) { Region = Of(said, "Region") };
    }

    private static async Task<string> StartAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] start = new byte[LongestError];
        int read = await body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(start.AsSpan(0, read));
    }

    private static XElement? Read(string body)
    {
        try
        {
            using var text = new StringReader(body);
            using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    // Some servers give the error a namespace.
    private static string? Of(XElement? error, string name) => error?.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
