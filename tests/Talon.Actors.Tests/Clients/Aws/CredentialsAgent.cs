using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Talon.CloudApi.Aws;

namespace Talon.Actors.Tests.Clients.Aws;

/// <summary>The agent that gives a container its credentials, as EKS Pod Identity does.</summary>
internal sealed class CredentialsAgent : IAsyncDisposable
{
    private readonly WebApplication _web;

    private CredentialsAgent(string token)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _web = builder.Build();
        _web.Run(async http =>
        {
            if (http.Request.Headers.Authorization != token)
            {
                http.Response.StatusCode = 401;
                return;
            }

            string end = TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            await AwsServer.WriteAsync(
                http, 200, $$"""{"AccessKeyId":"{{AwsServer.RoleKeyId}}","SecretAccessKey":"{{AwsServer.RoleSecret}}","Token":"{{AwsServer.RoleToken}}","Expiration":"{{end}}"}""");
        });
    }

    public string Address => $"{_web.Urls.First()}/v1/credentials";

    public static async Task<CredentialsAgent> StartAsync(string token)
    {
        var agent = new CredentialsAgent(token);
        await agent._web.StartAsync();
        return agent;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.Zero);
        await _web.StopAsync(patience.Token);
        await _web.DisposeAsync();
    }
}
