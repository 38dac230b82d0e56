using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Talon.Chaos.Load;
using Talon.Chaos.Processes;
using Talon.Chaos.Records;

namespace Talon.Chaos.Tests.Load;

/// <summary>What the client makes of answers.</summary>
public sealed class LoadClientTests : IAsyncLifetime
{
    private readonly List<WebApplication> _servers = [];
    private readonly ConcurrentQueue<(int Server, string Body)> _bodies = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.StopAsync(new CancellationToken(canceled: true));
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task RunAsync_EveryNodeAccepts_PostsRoundRobin()
    {
        var nodes = new[] { await ServeAsync(_ => 200), await ServeAsync(_ => 200), await ServeAsync(_ => 200) };

        var answers = await RunAsync(nodes, 9, new LoadPlan { Rate = 1_000, Copies = 0 });

        Assert.Equal(9, answers.Count);
        Assert.All(answers, a => Assert.Equal((AnswerKind.Accepted, a.Number % 3, 200), (a.Kind, a.Node, a.Status)));
    }

    [Fact]
    public async Task RunAsync_ARefusal_IsRecordedAndTriedOnTheNextNode()
    {
        var nodes = new[] { await ServeAsync(_ => 503), await ServeAsync(_ => 200) };

        var answers = await RunAsync(nodes, 1, new LoadPlan { Rate = 1_000, Copies = 0 });

        Assert.Equal([(AnswerKind.Refused, 0), (AnswerKind.Accepted, 1)], answers.Select(a => (a.Kind, a.Node)));
    }

    [Fact]
    public async Task RunAsync_NoConnection_IsARefusal()
    {
        var nodes = new[] { new Uri($"http://127.0.0.1:{Ports.Take(new Random())}/"), await ServeAsync(_ => 200) };

        var answers = await RunAsync(nodes, 1, new LoadPlan { Rate = 1_000, Copies = 0 });

        Assert.Equal([AnswerKind.Refused, AnswerKind.Accepted], answers.Select(a => a.Kind));
        Assert.Null(answers[0].Status);
    }

    [Fact]
    public async Task RunAsync_AnswerIsCutOff_IsUnknownAndOnlyEvenNumbersAreTriedAgain()
    {
        var nodes = new[] { await ServeAsync(_ => 0), await ServeAsync(_ => 0), await ServeAsync(_ => 200), await ServeAsync(_ => 200) };

        var answers = await RunAsync(nodes, 2, new LoadPlan { Rate = 1_000, Copies = 0 });

        Assert.Equal([AnswerKind.Unknown, AnswerKind.Unknown, AnswerKind.Accepted], answers.Where(a => a.Number == 0).Select(a => a.Kind));
        Assert.Equal([AnswerKind.Unknown], answers.Where(a => a.Number == 1).Select(a => a.Kind));
    }

    [Fact]
    public async Task RunAsync_Copies_AreTheSameBytesOnAnotherNode()
    {
        var nodes = new[] { await ServeAsync(_ => 200), await ServeAsync(_ => 200) };

        var answers = await RunAsync(nodes, 4, new LoadPlan { Rate = 1_000, Copies = 1, CopyDelay = TimeSpan.FromMilliseconds(10) });

        Assert.Equal(8, answers.Count);
        Assert.All(answers.GroupBy(a => a.Number), same => Assert.Equal(2, same.Select(a => a.Node).Distinct().Count()));
        Assert.Equal(4, answers.Count(a => a.Copy));
        Assert.All(_bodies.GroupBy(b => b.Body, StringComparer.Ordinal), same => Assert.Equal(2, same.Count()));
    }

    private static async Task<IReadOnlyList<Answer>> RunAsync(Uri[] nodes, int count, LoadPlan plan)
    {
        using var client = new LoadClient(() => nodes, plan, seed: 1, TimeProvider.System);
        ChaosEvent[] events = [.. Enumerable.Range(0, count).Select(n => new ChaosEvent(n, WorkKind.Terminate, ChaosEvent.PodOf(n), $"uid-{n}", "0123456789ab"))];
        await client.RunAsync(events, CancellationToken.None, CancellationToken.None);
        Assert.Equal(0, client.Posting);
        return [.. client.Answers.OrderBy(a => a.Number).ThenBy(a => a.SentAt)];
    }

    /// <param name="answer">The status for a body; 0 cuts the connection.</param>
    private async Task<Uri> ServeAsync(Func<string, int> answer)
    {
        int number = _servers.Count;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            _bodies.Enqueue((number, body));
            int status = answer(body);
            if (status == 0)
            {
                context.Abort();
                return;
            }

            context.Response.StatusCode = status;
        });
        await server.StartAsync();
        _servers.Add(server);
        return new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }
}
