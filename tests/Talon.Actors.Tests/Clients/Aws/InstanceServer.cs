using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Talon.Actors.Tests.Clients.Aws;

/// <summary>The metadata service of an EC2 instance, version 2 only: without a token of its own it answers 401.</summary>
internal sealed class InstanceServer : IAsyncDisposable
{
    public const string RegionPath = "/latest/meta-data/placement/region";
    public const string ProfilePath = "/latest/meta-data/iam/info";

    private readonly WebApplication _web;
    private int _tokens;

    private InstanceServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _web = builder.Build();
        _web.Run(HandleAsync);
    }

    public string Address => _web.Urls.First();

    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>The values by path; what is not there is a 404.</summary>
    public ConcurrentDictionary<string, string> Values { get; } = new(StringComparer.Ordinal)
    {
        [RegionPath] = "eu-west-3",
        [ProfilePath] = """{"Code":"Success","InstanceProfileArn":"arn:aws:iam::123456789012:instance-profile/node","InstanceProfileId":"AIPA123"}""",
    };

    /// <summary>The only token that is taken; the next one is given out by a PUT.</summary>
    public string Token => $"canary-imds-{Volatile.Read(ref _tokens)}";

    /// <summary>When set, every call ends with it.</summary>
    public int? Refuses { get; set; }

    public static async Task<InstanceServer> StartAsync()
    {
        var server = new InstanceServer();
        await server._web.StartAsync();
        return server;
    }

    /// <summary>Takes back the token that was given out.</summary>
    public void Revoke() => Interlocked.Increment(ref _tokens);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.Zero);
        await _web.StopAsync(patience.Token);
        await _web.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        Calls.Enqueue($"{http.Request.Method} {http.Request.Path}");
        if (Refuses is { } status)
        {
            http.Response.StatusCode = status;
        }
        else if (http.Request is { Method: "PUT", Path.Value: "/latest/api/token" })
        {
            http.Response.StatusCode = http.Request.Headers["X-aws-ec2-metadata-token-ttl-seconds"] == "21600" ? 200 : 400;
            await http.Response.WriteAsync(Token);
        }
        else if (http.Request.Headers["X-aws-ec2-metadata-token"] != Token)
        {
            http.Response.StatusCode = 401;
        }
        else if (Values.TryGetValue(http.Request.Path.Value!, out string? value))
        {
            await http.Response.WriteAsync(value);
        }
        else
        {
            http.Response.StatusCode = 404;
        }
    }
}
