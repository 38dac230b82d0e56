using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Talon.KubeApi.Api;

namespace Talon.KubeApi.Proxy;

/// <summary>The way of one request through the proxy: record, fault, upstream, answer.</summary>
internal sealed class ProxyPipeline(Upstream upstream, RequestRecord requests, FaultPlan faults)
{
    private const int ChunkSize = 32 * 1024;

    /// <summary>Headers that belong to one connection.</summary>
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Host", "Authorization",
    };

    public async Task RunAsync(HttpContext context)
    {
        try
        {
            await HandleAsync(context);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            // The client has gone, or the server has: either way the other one sees its connection end.
            context.Abort();
        }
    }

    private async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var info = RequestInfo.Parse(context.Request.Method, target) with
        {
            ContentType = context.Request.ContentType ?? "",
            Accept = context.Request.Headers.Accept.ToString(),
            IsUpgrade = context.WebSockets.IsWebSocketRequest,
        };
        var head = info.IsUpgrade ? [] : await ReadHeadAsync(context);
        var drawn = faults.Draw(info);
        var entry = Pipeline.Entry(context, info with { Body = Encoding.UTF8.GetString(head) }, target, TimeProvider.System.GetUtcNow());
        entry = entry with { Number = requests.NextNumber(), Fault = drawn.Label };
        requests.Put(entry);
        await drawn.Until.WaitAsync(context.RequestAborted);
        if (drawn.Latency > TimeSpan.Zero)
            await Task.Delay(drawn.Latency, context.RequestAborted);
        switch (drawn.Effect)
        {
            case null:
                await ForwardAsync(context, info, target, head, entry);
                break;
            case { Kind: FaultKind.ResetBeforeEffect }:
                context.Abort();
                break;
            case { Kind: FaultKind.ResetAfterEffect }:
                using (await SendAsync(context, info, target, head))
                    context.Abort();
                break;
            case { Kind: FaultKind.StallHeaders or FaultKind.StallBody } stall:
                await ForwardAsync(context, info, target, head, entry, stall);
                break;
            case { Kind: FaultKind.HtmlBody502 }:
                await AnswerAsync(context, entry, FaultAnswers.Html502());
                break;
            case { Kind: FaultKind.EmptyBody200 }:
                await AnswerAsync(context, entry, FaultAnswers.Empty200());
                break;
            case { } status:
                await AnswerAsync(context, entry, FaultAnswers.Of(status, info));
                break;
        }
    }

    private async Task ForwardAsync(HttpContext context, RequestInfo info, string target, byte[] head, RecordedRequest entry, FaultRule? stall = null)
    {
        var ct = context.RequestAborted;
        using var answer = await SendAsync(context, info, target, head);
        if (stall is { Kind: FaultKind.StallHeaders })
            await Task.Delay(stall.StallBound, ct);
        requests.Put(entry with { Status = (int)answer.StatusCode });
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => !HopByHop.Contains(h.Key)))
            context.Response.Headers.Append(name, values.ToArray());
        await using var from = await answer.Content.ReadAsStreamAsync(ct);
        if (info.IsUpgrade && (int)answer.StatusCode == StatusCodes.Status101SwitchingProtocols)
        {
            context.Response.Headers.Upgrade = "websocket";
            await using var client = await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
            await Task.WhenAny(CopyAsync(client, from, ct), CopyAsync(from, client, ct));
            return;
        }

        await context.Response.StartAsync(ct);
        if (stall is { Kind: FaultKind.StallBody })
        {
            await context.Response.Body.FlushAsync(ct);
            await Task.Delay(stall.StallBound, ct);
        }

        await CopyAsync(from, context.Response.Body, ct);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpContext context, RequestInfo info, string target, byte[] head)
    {
        using var request = new HttpRequestMessage(new HttpMethod(info.Method), UpstreamUri(target)) { Version = new Version(1, 1) };
        if (head.Length > 0)
            request.Content = new ForwardedBody(head, context.Request.Body, context.Request.ContentLength);
        foreach (var (name, values) in context.Request.Headers.Where(h => !HopByHop.Contains(h.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        if (upstream.Authorization is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (info.IsUpgrade)
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        }

        return await upstream.SendAsync(request, context.RequestAborted);
    }

    /// <summary>The target as the client escaped it: what it sends must arrive as it is.</summary>
    private Uri UpstreamUri(string target) => new(
        upstream.Address.GetLeftPart(UriPartial.Authority) + upstream.Address.AbsolutePath.TrimEnd('/') + target,
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>The beginning of the body, for the record; the rest is passed on as it comes.</summary>
    private static async Task<byte[]> ReadHeadAsync(HttpContext context)
    {
        var buffer = new byte[4 * RequestRecord.BodyLimit];
        var read = await context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
        return buffer[..read];
    }

    private async Task AnswerAsync(HttpContext context, RecordedRequest entry, ApiResponse answer)
    {
        requests.Put(entry with { Status = answer.Status });
        Pipeline.Head(context, answer);
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>Passes each piece on at once: a watch must not wait for a buffer to fill.</summary>
    private static async Task CopyAsync(Stream from, Stream to, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        int read;
        while ((read = await from.ReadAsync(buffer.AsMemory(0, ChunkSize), ct)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
            await to.FlushAsync(ct);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
