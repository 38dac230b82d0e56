using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Talon.KubeApi.Api;

/// <summary>A bare Kestrel on 127.0.0.1: no configuration, no logging, no signals, no limits on bodies.</summary>
internal static class LoopbackHost
{
    public static WebApplication Build(int port, RequestDelegate handle)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        // The process belongs to the program or test around us: its signals are not ours to handle.
        builder.Services.RemoveAll<IHostLifetime>();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        var web = builder.Build();
        web.UseWebSockets();
        web.Run(handle);
        return web;
    }

    /// <summary>Writes a kubeconfig file that points a client at an address.</summary>
    /// <returns>The path.</returns>
    public static string WriteKubeconfig(string path, Uri address, string? token)
    {
        // Clients refuse a user without credentials, so there is a token even where any is let in.
        var user = $"{{ token: \"{token ?? "any"}\" }}";
        File.WriteAllText(
            path,
            $"""
            apiVersion: v1
            kind: Config
            current-context: kubeapi
            clusters:
            - name: kubeapi
              cluster: {"{"} server: "{address.GetLeftPart(UriPartial.Authority)}" {"}"}
            users:
            - name: kubeapi
              user: {user}
            contexts:
            - name: kubeapi
              context: {"{"} cluster: kubeapi, user: kubeapi, namespace: default {"}"}

            """);
        return path;
    }

    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
