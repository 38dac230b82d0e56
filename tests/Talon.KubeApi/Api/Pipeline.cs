using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Talon.KubeApi.Access;

namespace Talon.KubeApi.Api;

/// <summary>The way of one request: record, fault, token, handler, answer.</summary>
internal sealed class Pipeline(AccessControl access, Router router, ClusterStore cluster, RequestRecord requests, EffectRecord effects, FaultPlan faults)
{
    public async Task RunAsync(HttpContext context)
    {
        var time = cluster.Waiting.Now;
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? context.Request.Path;
        var info = RequestInfo.Parse(context.Request.Method, target) with
        {
            ContentType = context.Request.ContentType ?? "",
            Accept = context.Request.Headers.Accept.ToString(),
            IsUpgrade = context.WebSockets.IsWebSocketRequest,
            Protocols = [.. context.WebSockets.WebSocketRequestedProtocols],
        };
        info = info with { Body = info.IsUpgrade ? "" : await ReadBodyAsync(context) };
        var drawn = faults.Draw(info);
        var entry = Entry(context, info, target, time) with { Number = requests.NextNumber(), Fault = drawn.Label };
        requests.Put(entry);
        await drawn.Until.WaitAsync(context.RequestAborted);
        await cluster.Waiting.UnscaledDelayAsync(drawn.Latency, context.RequestAborted);
        var log = new EffectLog(effects, entry.Number, info.Verb, time);
        switch (drawn.Effect)
        {
            case null:
                await FinishAsync(context, entry, await AnswerAsync(context, info, log));
                break;
            case { Kind: FaultKind.ResetBeforeEffect }:
                context.Abort();
                break;
            case { Kind: FaultKind.ResetAfterEffect }:
                (await AnswerAsync(context, info, log)).Upgrade?.StartUnheard();
                context.Abort();
                break;
            case { Kind: FaultKind.StallHeaders } stall:
                var late = await AnswerAsync(context, info, log);
                await cluster.Waiting.UnscaledDelayAsync(stall.StallBound, context.RequestAborted);
                await FinishAsync(context, entry, late);
                break;
            case { Kind: FaultKind.StallBody } stall:
                await StallBodyAsync(context, entry, await AnswerAsync(context, info, log), stall.StallBound);
                break;
            case { Kind: FaultKind.HtmlBody502 }:
                await FinishAsync(context, entry, FaultAnswers.Html502());
                break;
            case { Kind: FaultKind.EmptyBody200 }:
                await FinishAsync(context, entry, FaultAnswers.Empty200());
                break;
            case { } status:
                await FinishAsync(context, entry, FaultAnswers.Of(status, info));
                break;
        }
    }

    private async Task<ApiResponse> AnswerAsync(HttpContext context, RequestInfo info, EffectLog log)
    {
        var address = $"127.0.0.1:{context.Connection.LocalPort}";
        var (caller, refusal) = access.Admit(info, context.Request.Headers.Authorization.ToString());
        return refusal ?? await router.RouteAsync(info with { Caller = caller }, address, log, context.RequestAborted);
    }

    private async Task StallBodyAsync(HttpContext context, RecordedRequest entry, ApiResponse answer, TimeSpan bound)
    {
        if (answer.Upgrade is not null)
        {
            await cluster.Waiting.UnscaledDelayAsync(bound, context.RequestAborted);
            await FinishAsync(context, entry, answer);
            return;
        }

        Head(context, answer);
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        requests.Put(entry with { Status = answer.Status });
        await cluster.Waiting.UnscaledDelayAsync(bound, context.RequestAborted);
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private async Task FinishAsync(HttpContext context, RecordedRequest entry, ApiResponse answer)
    {
        requests.Put(entry with { Status = answer.Status });
        if (answer.Upgrade is { } upgrade)
        {
            await upgrade.RunAsync(context);
            return;
        }

        Head(context, answer);
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    public static void Head(HttpContext context, ApiResponse answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.ContentType.Length > 0)
            context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers.Append(name, value);
    }

    public static RecordedRequest Entry(HttpContext context, RequestInfo info, string target, DateTimeOffset time)
    {
        var cut = target.IndexOf('?', StringComparison.Ordinal);
        var body = info.Body ?? "";
        return new RecordedRequest(
            0,
            time,
            info.Method,
            info.Path,
            cut < 0 ? "" : target[cut..],
            info.Verb,
            info.Resource,
            info.Namespace,
            info.Name,
            context.Request.ContentType,
            context.Request.Headers.UserAgent.ToString(),
            body.Length <= RequestRecord.BodyLimit ? body : body[..RequestRecord.BodyLimit],
            0,
            null)
        { Subresource = info.Subresource };
    }

    /// <returns>The body as text (bytes that are no UTF-8 become U+FFFD), or null when it is over the limit.</returns>
    private static async Task<string?> ReadBodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            if (buffer.Length + read > Router.BodyLimit)
                return null;
            await buffer.WriteAsync(chunk.AsMemory(0, read), context.RequestAborted);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
