using Talon.EndToEnd.Tests.Support;
using Talon.Rules.Outcomes;
using Xunit.Abstractions;

namespace Talon.EndToEnd.Tests;

/// <summary>The shipped program under load, killed (-9) at random moments of a seed. <c>TALON_TEST_SEED</c> sets another seed.</summary>
public sealed class RandomKillTests(ITestOutputHelper output)
{
    private const int Events = 2_000;
    private const int Kills = 3;
    private const int Senders = 24;

    [Fact]
    public async Task AnAcceptedEventIsNeverLost_KilledDuringABurstOf2000Events_NoneLostNoneDoubled()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("TALON_TEST_SEED"), out int given) ? given : 20_261_124;
        output.WriteLine($"TALON_TEST_SEED={seed}");
        try
        {
            await RunAsync(seed);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"with TALON_TEST_SEED={seed}: {e.Message}", e);
        }
    }

    private async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        await using var rig = await TalonRig.CreateAsync();
        var pods = new (string Uid, string Container)[Events];
        for (int i = 0; i < Events; i++)
        {
            pods[i] = rig.AddPod("shop", $"pod-{i}");
        }

        var answered = new bool[Events];
        int next = -1;
        int accepted = 0;
        var talon = await rig.StartAsync();
        for (int kill = 1; kill <= Kills + 1; kill++)
        {
            // One part of the burst for each life of the process; in all but the last it dies on the way.
            int end = kill > Kills ? Events : Events * kill / (Kills + 1);
            int trigger = kill > Kills ? int.MaxValue : accepted + random.Next(20, (Events / (Kills + 1)) - 60);
            bool byEffects = random.Next(2) == 0;
            int effects = rig.Api.Effects.Count;
            int delta = trigger - accepted;
            var alive = talon;
            var senders = Enumerable.Range(0, Senders).Select(_ => SendAsync(alive, end)).ToArray();
            if (kill <= Kills)
            {
                await Eventually.TrueAsync(
                    () => byEffects ? rig.Api.Effects.Count - effects >= delta : Volatile.Read(ref accepted) >= trigger, () => $"the moment of kill {kill} does not come\n{alive.Tail()}");
                await talon.KillAsync();
            }

            await Task.WhenAll(senders);
            if (kill <= Kills)
            {
                talon = await rig.StartAsync();
            }
        }

        var journal = await rig.FinishAsync(talon, TimeSpan.FromSeconds(120));
        var byOutput = journal.Events.ToLookup(e => e.Accepted.Event.Output, StringComparer.Ordinal);
        int lost = 0;
        int doubled = 0;
        for (int i = 0; i < Events; i++)
        {
            var events = byOutput[$"pod-{i}"].ToList();
            int count = rig.Api.Effects.CountFor(pods[i].Uid);
            bool done = events.Count == 1 && events[0].IsComplete && events[0].Outcome is ActionOutcome.Succeeded && count >= 1;
            lost += (answered[i] || events.Count > 0) && !done ? 1 : 0;
            doubled += count > 1 || events.Count > 1 || (events.Count == 0 && count > 0) ? 1 : 0;
        }

        int repeats = rig.Api.Effects.Repeats.Count;
        output.WriteLine($"{Events} posted, {accepted} answered 200, {journal.Events.Count} in the journal, {rig.Api.Effects.Count} effects, {repeats} repeats without effect, {Kills} kills, {lost} lost, {doubled} doubled");
        Assert.Equal((0, 0), (lost, doubled));
        Assert.InRange(accepted, Events - (2 * Kills * Senders), Events);

        async Task SendAsync(TalonProcess process, int end)
        {
            while (true)
            {
                int i = Interlocked.Increment(ref next);
                if (i >= end)
                {
                    Interlocked.Decrement(ref next);
                    return;
                }

                answered[i] = await rig.TryPostAsync(process, FalcoBody.ForPod("shop", $"pod-{i}", pods[i].Container));
                if (answered[i])
                {
                    Interlocked.Increment(ref accepted);
                }
                else
                {
                    return; // the process has gone; the rest is for its next life
                }
            }
        }
    }
}
