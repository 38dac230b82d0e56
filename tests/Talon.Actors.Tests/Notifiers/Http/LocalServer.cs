using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Talon.Actors.Tests.Notifiers.Http;

/// <summary>A web server on 127.0.0.1 that keeps what it was asked.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly ConcurrentQueue<LocalRequest> _requests = new();

    private LocalServer(WebApplication web, string scheme)
    {
        _web = web;
        Scheme = scheme;
    }

    /// <summary>Where it listens; under TLS its certificate names <c>localhost</c> as well.</summary>
    public string Url => $"{Scheme}://127.0.0.1:{new Uri(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}";

    public IReadOnlyList<LocalRequest> Requests => [.. _requests];

    private string Scheme { get; }

    /// <param name="answer">Gets the request with its body read.</param>
    /// <param name="certificate">For TLS.</param>
    /// <param name="asksWhoIsThere">Whether a client must show a certificate.</param>
    public static async Task<LocalServer> StartAsync(Func<HttpContext, LocalRequest, Task> answer, X509Certificate2? certificate = null, bool asksWhoIsThere = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate, https =>
                {
                    https.ClientCertificateMode = asksWhoIsThere ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
                    https.AllowAnyClientCertificate();
                });
            }
        }));
        builder.Services.RemoveAll<IHostLifetime>();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        var web = builder.Build();
        var server = new LocalServer(web, certificate is null ? "http" : "https");
        web.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var request = new LocalRequest(
                context.Request.Method,
                PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget),
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray(),
                context.Connection.ClientCertificate?.Subject);
            server._requests.Enqueue(request);
            await answer(context, request);
        });
        await web.StartAsync();
        return server;
    }

    /// <summary>Answers every request with a status and a text.</summary>
    public static Task<LocalServer> StartAsync(int status, string text = "", params (string Name, string Value)[] headers) => StartAsync((context, _) =>
    {
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return AnswerAsync(context, status, text, "text/plain; charset=utf-8");
    });

    public static async Task AnswerAsync(HttpContext context, int status, string text, string mediaType)
    {
        context.Response.StatusCode = status;
        if (status != StatusCodes.Status204NoContent)
        {
            context.Response.ContentType = mediaType;
            await context.Response.WriteAsync(text);
        }
    }

    // Through a proxy the target is a whole URL.
    private static string PathOf(string target) => target.StartsWith('/') ? target : new Uri(target).PathAndQuery;

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _web.StopAsync(now.Token);
        await _web.DisposeAsync();
    }

    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
