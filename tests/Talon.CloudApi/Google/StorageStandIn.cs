using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Talon.CloudApi.Google;

/// <summary>The JSON API of Cloud Storage with resumable uploads; one bucket, <see cref="Bucket"/>.</summary>
public sealed class StorageStandIn(GoogleServer google)
{
    public const string Bucket = "evidence";

    private const int Granule = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredItem> _objects = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>What is stored under a name.</summary>
    public sealed record StoredItem(byte[] Content, string ContentType, IReadOnlyDictionary<string, string> Metadata, string Crc32C);

    /// <summary>What a listing of the bucket says.</summary>
    public IReadOnlyDictionary<string, StoredItem> Objects
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<string, StoredItem>(_objects, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>How many upload sessions are open.</summary>
    public int OpenSessions => _sessions.Values.Count(session => !session.IsOver);

    /// <summary>Whether objects may be read.</summary>
    public bool MayRead { get; set; } = true;

    /// <summary>Whether objects may be deleted.</summary>
    public bool MayDelete { get; set; } = true;

    /// <summary>Whether a session is forgotten once it made its object, so that nobody can ask how it ended.</summary>
    public bool ForgetsSessions { get; set; }

    /// <summary>Changes one byte of what comes in.</summary>
    public bool Corrupts { get; set; }

    /// <summary>The name of the object that the next session would make, when another writer is faster.</summary>
    public Action<string>? BeforeLast { get; set; }

    public void Put(string name, string content, params (string Name, string Value)[] metadata)
    {
        lock (_gate)
        {
            _objects[name] = new StoredItem(
                System.Text.Encoding.UTF8.GetBytes(content), "text/plain", metadata.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal), "");
        }
    }

    /// <summary>CRC-32C by the book, bit by bit from its polynomial.</summary>
    public static string Crc32COf(ReadOnlySpan<byte> bytes)
    {
        uint[] table = [.. Enumerable.Range(0, 256).Select(index =>
        {
            uint value = (uint)index;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 1 ? (value >> 1) ^ 0x82F63B78 : value >> 1;
            }

            return value;
        })];
        uint crc = uint.MaxValue;
        foreach (byte one in bytes)
        {
            crc = (crc >> 8) ^ table[(crc ^ one) & 0xFF];
        }

        crc = ~crc;
        return Convert.ToBase64String([(byte)(crc >> 24), (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc]);
    }

    internal void Map(WebApplication app)
    {
        app.MapPost("/upload/storage/v1/b/{bucket}/o", StartAsync);
        app.MapPut("/upload/storage/v1/b/{bucket}/o", TakeAsync);
        app.MapDelete("/upload/storage/v1/b/{bucket}/o", CancelAsync);
        app.MapGet("/storage/v1/b/{bucket}/o/{**name}", ReadAsync);
        app.MapDelete("/storage/v1/b/{bucket}/o/{**name}", DeleteAsync);
    }

    private static Task FailAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error = new { code = status, message, errors = new[] { new { message, domain = "global", reason = "said" } } } });
    }

    private async Task<bool> IsRefusedAsync(HttpContext context, string bucket)
    {
        if (!google.IsAllowed(context.Request))
        {
            await FailAsync(context, 401, "Invalid Credentials");
            return true;
        }

        if (bucket != Bucket)
        {
            await FailAsync(context, 404, "The specified bucket does not exist.");
            return true;
        }

        return false;
    }

    private async Task StartAsync(HttpContext context, string bucket, string uploadType)
    {
        var fault = google.Faults.Take(GoogleStep.StartUpload);
        if (await GoogleFaults.BeforeAsync(fault, context) || await IsRefusedAsync(context, bucket))
        {
            return;
        }

        var wanted = await context.Request.ReadFromJsonAsync<JsonElement>();
        string name = wanted.GetProperty("name").GetString()!;
        bool createOnly = context.Request.Query["ifGenerationMatch"] == "0";
        if (uploadType != "resumable" || !createOnly)
        {
            await FailAsync(context, 400, "a resumable upload that creates only was expected");
            return;
        }

        if (Objects.ContainsKey(name))
        {
            await FailAsync(context, 412, "At least one of the pre-conditions you specified did not hold.");
            return;
        }

        var session = new Session(
            name,
            wanted.GetProperty("contentType").GetString()!,
            wanted.GetProperty("metadata").EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!, StringComparer.Ordinal),
            wanted.TryGetProperty("crc32c", out var checksum) ? checksum.GetString() : null,
            long.Parse(context.Request.Headers["X-Upload-Content-Length"].ToString(), CultureInfo.InvariantCulture));
        string id = RandomNumberGenerator.GetHexString(32);
        _sessions[id] = session;
        context.Response.Headers.Location = $"{google.Url}/upload/storage/v1/b/{bucket}/o?uploadType=resumable&upload_id={id}";
        await GoogleFaults.AfterAsync(fault, context);
    }

    private async Task TakeAsync(HttpContext context, string bucket, string upload_id)
    {
        var fault = google.Faults.Take(GoogleStep.Chunk);
        if (await GoogleFaults.BeforeAsync(fault, context) || await IsRefusedAsync(context, bucket))
        {
            return;
        }

        if (!_sessions.TryGetValue(upload_id, out var session))
        {
            await FailAsync(context, 404, "No such upload session.");
            return;
        }

        string[] range = context.Request.Headers.ContentRange.ToString().Replace("bytes ", "", StringComparison.Ordinal).Split('/');
        long total = long.Parse(range[1], CultureInfo.InvariantCulture);
        if (range[0] != "*" && !session.IsOver)
        {
            long[] ends = [.. range[0].Split('-').Select(end => long.Parse(end, CultureInfo.InvariantCulture))];
            bool last = ends[1] == total - 1;
            if (total != session.Total || ends[0] != session.Content.Length || context.Request.ContentLength != ends[1] - ends[0] + 1
                || (!last && (ends[1] + 1) % Granule != 0))
            {
                await FailAsync(context, 400, $"{range[0]} does not follow {session.Content.Length}");
                return;
            }

            if (!await ReceiveAsync(context, session, fault))
            {
                return;
            }
        }

        await AnswerAsync(context, session, upload_id, total, fault);
    }

    // What was received of a chunk that was cut is kept in multiples of 256 KiB.
    private static async Task<bool> ReceiveAsync(HttpContext context, Session session, GoogleFault? fault)
    {
        long before = session.Content.Length;
        long most = fault?.Kind == GoogleFaultKind.CutInside ? context.Request.ContentLength!.Value / 2 : long.MaxValue;
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int read;
            while (session.Content.Length - before < most && (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                session.Content.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException or OperationCanceledException)
        {
            most = 0;
        }

        if (most == long.MaxValue)
        {
            return true;
        }

        session.Content.SetLength(session.Content.Length / Granule * Granule);
        context.Abort();
        return false;
    }

    private async Task AnswerAsync(HttpContext context, Session session, string id, long total, GoogleFault? fault)
    {
        if (!session.IsOver && session.Content.Length < total)
        {
            context.Response.StatusCode = 308;
            if (session.Content.Length > 0)
            {
                context.Response.Headers.Range = $"bytes=0-{session.Content.Length - 1}";
            }

            await GoogleFaults.AfterAsync(fault, context);
            return;
        }

        if (!session.IsOver && await IsNotMadeAsync(context, session))
        {
            return;
        }

        session.IsOver = true;
        if (ForgetsSessions)
        {
            _sessions.TryRemove(id, out _);
        }

        if (!await GoogleFaults.AfterAsync(fault, context))
        {
            await context.Response.WriteAsJsonAsync(Describe(session.Name, Objects[session.Name]));
        }
    }

    private async Task<bool> IsNotMadeAsync(HttpContext context, Session session)
    {
        BeforeLast?.Invoke(session.Name);
        byte[] content = session.Content.ToArray();
        if (Corrupts && content.Length > 0)
        {
            content[^1] ^= 1;
        }

        string checksum = Crc32COf(content);
        if (session.Crc32C is { } wanted && wanted != checksum)
        {
            session.IsOver = true;
            await FailAsync(context, 400, "Provided CRC32C does not match the one of the upload.");
            return true;
        }

        lock (_gate)
        {
            if (_objects.TryAdd(session.Name, new StoredItem(content, session.ContentType, session.Metadata, checksum)))
            {
                return false;
            }
        }

        session.IsOver = true;
        await FailAsync(context, 412, "At least one of the pre-conditions you specified did not hold.");
        return true;
    }

    private Task CancelAsync(HttpContext context, string upload_id)
    {
        context.Response.StatusCode = _sessions.TryRemove(upload_id, out _) ? 499 : 404;
        return Task.CompletedTask;
    }

    private async Task ReadAsync(HttpContext context, string bucket, string name)
    {
        if (await GoogleFaults.BeforeAsync(google.Faults.Take(GoogleStep.Read), context) || await IsRefusedAsync(context, bucket))
        {
            return;
        }

        name = Uri.UnescapeDataString(name);
        if (!MayRead)
        {
            await FailAsync(context, 403, "The account does not have storage.objects.get access.");
        }
        else if (Objects.TryGetValue(name, out var item))
        {
            await context.Response.WriteAsJsonAsync(Describe(name, item));
        }
        else
        {
            await FailAsync(context, 404, "No such object.");
        }
    }

    private async Task DeleteAsync(HttpContext context, string bucket, string name)
    {
        if (await IsRefusedAsync(context, bucket))
        {
            return;
        }

        if (!MayDelete)
        {
            await FailAsync(context, 403, "The account does not have storage.objects.delete access.");
            return;
        }

        lock (_gate)
        {
            context.Response.StatusCode = _objects.Remove(Uri.UnescapeDataString(name)) ? 204 : 404;
        }
    }

    private static object Describe(string name, StoredItem item) => new
    {
        kind = "storage#object",
        name,
        bucket = Bucket,
        generation = "1",
        size = item.Content.Length.ToString(CultureInfo.InvariantCulture),
        contentType = item.ContentType,
        metadata = item.Metadata,
        crc32c = item.Crc32C,
    };

    private sealed class Session(string name, string contentType, IReadOnlyDictionary<string, string> metadata, string? crc32C, long total)
    {
        public string Name { get; } = name;

        public string ContentType { get; } = contentType;

        public IReadOnlyDictionary<string, string> Metadata { get; } = metadata;

        public string? Crc32C { get; } = crc32C;

        public long Total { get; } = total;

        public MemoryStream Content { get; } = new();

        public bool IsOver { get; set; }
    }
}
