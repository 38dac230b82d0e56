using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Talon.CloudApi.Google;

/// <summary>The API of Cloud Functions, and functions that take calls with an ID token for their own URL.</summary>
public sealed class FunctionsStandIn(GoogleServer google)
{
    private readonly ConcurrentQueue<FunctionsCall> _calls = new();

    /// <summary>One call that a function acted on.</summary>
    public sealed record FunctionsCall(string Name, JsonElement Body, string ContentType, string IdempotencyKey, string Attempt);

    /// <summary>The calls that were acted on, in order.</summary>
    public IReadOnlyList<FunctionsCall> Calls => [.. _calls];

    /// <summary>What functions answer.</summary>
    public int Status { get; set; } = 200;

    public string Answer { get; set; } = """{"done":true}""";

    /// <summary>The URL that the API says; null for the function of this server.</summary>
    public string? OtherUrl { get; set; }

    /// <summary>Whether the URL is told as that of a function of the first generation.</summary>
    public bool IsFirstGeneration { get; set; }

    /// <summary>Whether functions show the headers that they were sent.</summary>
    public bool EchoesHeaders { get; set; }

    public string UrlOf(string name) => $"{google.Url}/run/{name}";

    internal void Map(WebApplication app)
    {
        app.MapGet("/v2/projects/{project}/locations/{location}/functions/{name}", LookUpAsync);
        app.MapPost("/run/{name}", CallAsync);
    }

    private async Task LookUpAsync(HttpContext context, string project, string location, string name)
    {
        if (await GoogleFaults.BeforeAsync(google.Faults.Take(GoogleStep.LookUp), context))
        {
            return;
        }

        if (!google.IsAllowed(context.Request))
        {
            context.Response.StatusCode = 401;
            return;
        }

        if (name == "missing")
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsJsonAsync(new { error = new { code = 404, message = "Resource 'missing' was not found", status = "NOT_FOUND" } });
            return;
        }

        string url = OtherUrl ?? UrlOf(name);
        string full = $"projects/{project}/locations/{location}/functions/{name}";
        await context.Response.WriteAsJsonAsync<object>(IsFirstGeneration
            ? new { name = full, state = "ACTIVE", environment = "GEN_1", url }
            : new { name = full, state = "ACTIVE", environment = "GEN_2", serviceConfig = new { uri = url } });
    }

    private async Task CallAsync(HttpContext context, string name)
    {
        var fault = google.Faults.Take(GoogleStep.Call);
        if (await GoogleFaults.BeforeAsync(fault, context))
        {
            return;
        }

        if (!google.IsFor(context.Request, UrlOf(name)))
        {
            context.Response.StatusCode = 401;
            return;
        }

        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var headers = context.Request.Headers;
        _calls.Enqueue(new FunctionsCall(
            name, body.RootElement.Clone(), context.Request.ContentType ?? "", headers["Idempotency-Key"].ToString(), headers["Talon-Attempt"].ToString()));
        if (await GoogleFaults.AfterAsync(fault, context))
        {
            return;
        }

        context.Response.StatusCode = Status;
        await context.Response.WriteAsync(EchoesHeaders ? $"{Answer} {headers.Authorization}" : Answer);
    }
}
