using System.Net;
using Talon.EndToEnd.Tests.Support;
using Talon.Postgres;

namespace Talon.EndToEnd.Tests;

/// <summary>One real process on a real PostgreSQL with fsync: the database goes away and comes back, and the node recovers by itself.</summary>
public sealed class PostgresTests
{
    // Longer than an event is held: a sender that got 503 comes again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [PostgresFact]
    public async Task Outage_StoppedThenKilledThenCut_EveryAcceptedEventActsOnce()
    {
        await using var server = await PostgresServer.StartNewAsync(new PostgresSettings { Fsync = true });
        await using var rig = await RigAsync(server);
        await using var talon = await rig.StartAsync();
        var uids = new List<string> { await ActAsync(rig, talon, "before", during: null) };

        uids.Add(await ActAsync(rig, talon, "stopped", server.StopAsync));
        uids.Add(await ActAsync(rig, talon, "killed", server.KillAsync));
        uids.Add(await ActAsync(rig, talon, "cut", () => server.CutConnectionsAsync()));

        await rig.FinishedAsync(talon, Patience);
        Assert.All(uids, uid => Assert.Equal(1, rig.Effects(uid, "delete")));
        await talon.StopAsync();
        Assert.DoesNotContain(PostgresServer.Password, talon.Tail(), StringComparison.Ordinal);

        async Task<string> ActAsync(TalonRig at, TalonProcess process, string pod, Func<Task>? during)
        {
            var (uid, container) = at.AddPod("shop", pod);
            if (during is not null)
            {
                await during();
            }

            var posting = PostUntilAcceptedAsync(at, process, FalcoBody.ForPod("shop", pod, container));
            await server.StartAsync();
            await posting;
            await at.FinishedAsync(process, Patience);
            return uid;
        }
    }

    [PostgresFact]
    public async Task Kill_AcceptedWhileKubernetesIsAway_ActsAfterTheRestart()
    {
        await using var server = await PostgresServer.StartNewAsync(new PostgresSettings { Fsync = true });
        await using var rig = await RigAsync(server);
        var (uid, container) = rig.AddPod("shop", "cart-0");
        await rig.Api.StopListeningAsync();
        await using var first = await rig.StartAsync();
        await rig.PostAsync(first, FalcoBody.ForPod("shop", "cart-0", container));
        await first.KillAsync();
        await server.KillAsync();
        Assert.Equal(0, rig.Api.Effects.Count);

        await server.StartAsync();
        await rig.Api.StartListeningAsync();
        await using var second = await rig.StartAsync();
        await rig.FinishedAsync(second, Patience);

        Assert.Equal(1, rig.Effects(uid, "delete"));
        Assert.False(Directory.Exists(rig.JournalFolder));
    }

    private static async Task<TalonRig> RigAsync(PostgresServer server)
    {
        var rig = await TalonRig.CreateAsync();
        rig.Environment["JOURNAL_PROVIDER"] = "postgresql";
        rig.Environment["JOURNAL_CONNECTION_STRING"] = server.ConnectionString(await server.CreateDatabaseAsync());
        return rig;
    }

    private static Task PostUntilAcceptedAsync(TalonRig rig, TalonProcess talon, string body) => Eventually.TrueAsync(
        async () =>
        {
            var (status, text, _) = await rig.SendAsync(talon, body);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{status}: {text}\n{talon.Tail()}");
            return status == HttpStatusCode.OK;
        },
        () => $"the event is not accepted\n{talon.Tail()}",
        Patience);
}
