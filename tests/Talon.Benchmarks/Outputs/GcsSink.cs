using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Talon.Benchmarks.Outputs;

/// <summary>Takes resumable uploads as Google Cloud Storage does, and keeps nothing. What it is told of the checksum it says again at the end.</summary>
internal sealed class GcsSink
{
    private readonly ConcurrentDictionary<string, string> _checksums = new(StringComparer.Ordinal);

    /// <summary>Whether a request belongs to an upload of this kind.</summary>
    public static bool Takes(HttpRequest request) => request.Path.StartsWithSegments("/upload/storage/v1", StringComparison.Ordinal);

    /// <summary>Begins an upload: <c>POST</c> with the object as JSON.</summary>
    public async Task BeginAsync(HttpContext context)
    {
        using var wanted = await JsonDocument.ParseAsync(context.Request.Body);
        string id = Guid.NewGuid().ToString("N");
        _checksums[id] = wanted.RootElement.GetProperty("crc32c").GetString()!;
        context.Response.Headers.Location = $"http://{context.Request.Host}/upload/storage/v1/b/evidence/o?upload_id={id}";
    }

    /// <summary>Answers a chunk whose body was read.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        string[] range = context.Request.Headers.ContentRange.ToString()["bytes ".Length..].Split('/', '-');
        long last = long.Parse(range[1], CultureInfo.InvariantCulture);
        long total = long.Parse(range[2], CultureInfo.InvariantCulture);
        if (last < total - 1)
        {
            context.Response.StatusCode = 308;
            context.Response.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"bytes=0-{last}");
            return;
        }

        _checksums.TryRemove(context.Request.Query["upload_id"].ToString(), out string? checksum);
        await context.Response.WriteAsJsonAsync(new { kind = "storage#object", size = total.ToString(CultureInfo.InvariantCulture), crc32c = checksum });
    }
}
