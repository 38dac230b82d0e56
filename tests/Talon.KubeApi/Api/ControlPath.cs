using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Talon.KubeApi.Api;

/// <summary>
/// <c>/_control</c>: records, faults and seeds over HTTP, for a stand-in that runs as its own process. Needs no token and is not
/// recorded; the server listens on loopback only.
/// </summary>
internal sealed class ControlPath(KubeApiServer server)
{
    public const string Prefix = "/_control/";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public async Task RunAsync(HttpContext context)
    {
        var what = $"{context.Request.Method} {context.Request.Path.Value![Prefix.Length..]}";
        try
        {
            switch (what)
            {
                case "GET requests":
                    await Write(context, new { server.Requests.Count, Items = server.Requests.All });
                    break;
                case "GET effects":
                    await Write(context, new { server.Effects.Count, server.Effects.Dropped, Items = server.Effects.All, server.Effects.Repeats, server.Effects.CountByUid });
                    break;
                case "GET execs":
                    await Write(context, new { Items = server.Kubelets.Execs.Select(e => new { e.Time, e.Namespace, e.Pod, e.PodUid, e.Container, e.Argv }) });
                    break;
                case "GET faults":
                    await Write(context, server.Faults.Rules.Select(r => new { Rule = r, Hits = server.Faults.HitsOf(r) }));
                    break;
                case "POST faults":
                    var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
                    foreach (var rule in body is JsonArray list ? [.. list] : new[] { body })
                        server.Faults.Add(rule.Deserialize<FaultRule>(Options)!);
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    break;
                case "POST pods":
                    await AddPodAsync(context);
                    break;
                case "POST collect":
                    GC.Collect();
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    break;
                case "POST outage":
                    await StartOutageAsync(context);
                    break;
                case "DELETE requests":
                    server.Requests.Clear();
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    break;
                case "DELETE effects":
                    server.Effects.Clear();
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    break;
                case "DELETE faults":
                    server.Faults.Clear();
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    break;
                default:
                    context.Response.StatusCode = StatusCodes.Status404NotFound;
                    break;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(e.Message, context.RequestAborted);
        }
    }

    /// <summary>The body: <c>seconds</c>. The answer goes out first; then, for so long, nothing is answered here either.</summary>
    private async Task StartOutageAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var seconds = body?["seconds"]?.GetValue<double>() ?? 0;
        if (seconds is not (> 0 and <= 3600))
            throw new JsonException("seconds must be over 0 and at most 3600");
        var length = TimeSpan.FromSeconds(seconds);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        await context.Response.CompleteAsync();
        _ = Task.Run(async () =>
        {
            await server.StopListeningAsync();
            await server.Store.Waiting.UnscaledDelayAsync(length, CancellationToken.None);
            await server.StartListeningAsync();
        });
    }

    /// <summary>The body is a pod seed with <c>namespace</c> and <c>name</c> beside its fields.</summary>
    private async Task AddPodAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject
            ?? throw new JsonException("a JSON object is expected");
        body.Remove("namespace", out var ns);
        body.Remove("name", out var name);
        if (ns is null || name is null)
            throw new JsonException("namespace and name are required");
        var pod = server.Store.AddPod(ns.GetValue<string>(), name.GetValue<string>(), body.Deserialize<PodSeed>(Options));
        context.Response.StatusCode = StatusCodes.Status201Created;
        await Write(context, pod.ToJson());
    }

    private static Task Write(HttpContext context, object value) => context.Response.WriteAsJsonAsync(value, Options, context.RequestAborted);
}
