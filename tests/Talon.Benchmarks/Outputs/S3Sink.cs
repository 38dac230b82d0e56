using System.Buffers;
using System.Net;
using System.Security.Cryptography;

namespace Talon.Benchmarks.Outputs;

/// <summary>Takes uploads as S3 does, and as Google Cloud Storage does (<see cref="GcsSink"/>), computes the MD5 of each body, which is what an ETag is, and keeps nothing.</summary>
internal static class S3Sink
{
    /// <summary>The command that runs it.</summary>
    public const string Command = "s3-sink";

    private const int Piece = 256 * 1024;

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        await using var app = builder.Build();
        var gcs = new GcsSink();
        app.Run(context => ServeAsync(context, gcs));
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"listening on {new Uri(app.Urls.First()).Authority}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task ServeAsync(HttpContext context, GcsSink gcs)
    {
        var request = context.Request;
        if (request.Method == "POST" && GcsSink.Takes(request))
        {
            await gcs.BeginAsync(context);
            return;
        }

        if (request.Method == "POST")
        {
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync(request.Query.ContainsKey("uploads")
                ? "<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>"
                : "<CompleteMultipartUploadResult><ETag>\"all\"</ETag></CompleteMultipartUploadResult>");
            return;
        }

        byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        int read;
        while ((read = await request.Body.ReadAsync(piece)) > 0)
        {
            digest.AppendData(piece.AsSpan(0, read));
        }

        ArrayPool<byte>.Shared.Return(piece);
        if (GcsSink.Takes(request))
        {
            await gcs.AnswerAsync(context);
            return;
        }

        context.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(digest.GetHashAndReset())}\"";
    }
}
