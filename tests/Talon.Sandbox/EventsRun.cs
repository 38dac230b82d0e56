using System.Text.Json.Nodes;

namespace Talon.Sandbox;

/// <summary>Posts a file of events and waits until Talon is done with them.</summary>
internal static class EventsRun
{
    private const int AtATime = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Posts them, each dated with the moment it is sent, and prints the table.</summary>
    /// <returns>0 when all were answered with 200, else 1.</returns>
    public static async Task<int> RunAsync(
        Stage stage, IReadOnlyList<SandboxEvent> events, SummaryTable table, Screen screen, TimeProvider time, CancellationToken stopped)
    {
        var pods = new EventPods(stage.Kube.Store);
        int named = events.Count(pods.Make);
        screen.Line($"{events.Count} events, {named} of them about a pod; {stage.Kube.Store.List("pods").Count} pods were made for them");
        var start = time.GetTimestamp();
        using var client = SandboxRun.MakeClient(stage);
        await Parallel.ForEachAsync(events, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stopped }, async (falcoEvent, token) =>
        {
            falcoEvent.Stamp(time.GetUtcNow());
            var (status, _) = await SandboxRun.PostAsync(client, falcoEvent, token);
            table.HearAnswer(status);
        });
        screen.Line($"posted in {time.GetElapsedTime(start).TotalSeconds:0.0} s");

        await WaitUntilFinishedAsync(stage, client, time, stopped);
        screen.Line($"all finished after {time.GetElapsedTime(start).TotalSeconds:0.0} s");
        screen.Line();
        table.Print(screen, stage.Kube.Effects);
        return table.Refused == 0 ? 0 : 1;
    }

    private static async Task WaitUntilFinishedAsync(Stage stage, HttpClient client, TimeProvider time, CancellationToken stopped)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopped, patience.Token);
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            // Twice in a row: the last lines of the log have come by then too.
            for (int quiet = 0; quiet < 2;)
            {
                stage.Talon.ThrowIfEnded();
                await timer.WaitForNextTickAsync(both.Token);
                var ready = JsonNode.Parse(await client.GetStringAsync(new Uri("/readyz", UriKind.Relative), both.Token));
                quiet = ready?["unfinished_events"]?.GetValue<int>() == 0 ? quiet + 1 : 0;
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !stopped.IsCancellationRequested)
        {
            throw new SandboxException($"not all events were finished after {Patience.TotalMinutes:0} minutes");
        }
    }
}
