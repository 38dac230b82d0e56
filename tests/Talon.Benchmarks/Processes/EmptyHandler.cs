using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Talon.Benchmarks.Processes;

/// <summary>The measure of all rows: a Kestrel set up as in Talon whose handler reads the body and answers an empty 200.</summary>
internal static class EmptyHandler
{
    /// <summary>The argument by which this program becomes the empty handler.</summary>
    public const string Command = "empty-handler";

    /// <summary>Starts it as a process of its own.</summary>
    public static ChildProcess Start() => ChildProcess.Start("Talon.Benchmarks.dll", Command);

    /// <summary>Runs it until SIGTERM.</summary>
    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Host.UseConsoleLifetime(console => console.SuppressStatusMessages = true);
        await using var app = builder.Build();
        app.Run(HandleAsync);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await Console.Out.WriteLineAsync($"listening on {new Uri(address).Authority}");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task HandleAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        context.Response.ContentLength = 0;
    }
}
