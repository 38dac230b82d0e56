using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Talon.Sandbox;

/// <summary>What the program does, from the start of the stage to the exit code.</summary>
internal static class SandboxRun
{
    private const string OtherNamespace = "team-ops";
    private const string OtherPod = "builder-5d4f7b9c68-k9wqz";
    private const string OtherContainer = "3b1f6ad2c907";

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(55);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs the sandbox.</summary>
    /// <exception cref="SandboxException">It could not show what it should, for the reason of the message.</exception>
    public static async Task<int> RunAsync(SandboxArguments arguments, Screen screen, TimeProvider time, CancellationToken stopped)
    {
        string rules = Path.GetFullPath(arguments.Rules ?? Sample("rules.yaml"));
        var events = arguments.Events is { } file ? SandboxEvent.ReadFile(file) : null;
        using var budget = new CancellationTokenSource(Budget, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopped, budget.Token);
        string stage = "talon server does not listen yet";
        try
        {
            screen.Title("Talon sandbox: a Falco event ends a pod");
            var table = new SummaryTable();
            await using var built = await Stage.BuildAsync(rules, table.HearLog, both.Token);
            Introduce(built, rules, screen);
            if (events is not null)
                return await EventsRun.RunAsync(built, events, table, screen, time, stopped);

            var timeline = new Timeline(screen, time);
            stage = await ShowSampleAsync(built, timeline, time, text => stage = text, both.Token);
            if (!arguments.Once)
            {
                ShowNext(built, screen, time);
                await FollowAsync(built, timeline, stopped);
            }

            return 0;
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested && !stopped.IsCancellationRequested)
        {
            throw new SandboxException($"not done within {Budget.TotalSeconds:0} s: {stage}");
        }
    }

    private static void Introduce(Stage stage, string rules, Screen screen)
    {
        screen.Line();
        screen.Line($"Kubernetes stand-in  {Plain(stage.Kube.BaseUri)}  (in memory, in this process)");
        screen.Line($"talon server         {Plain(stage.Address)}  (process {stage.Talon.Id})");
        screen.Line($"rules                {Path.GetRelativePath(Directory.GetCurrentDirectory(), rules)}");
        screen.Line();
    }

    private static async Task<string> ShowSampleAsync(
        Stage stage, Timeline timeline, TimeProvider time, Action<string> waitsFor, CancellationToken cancellationToken)
    {
        var falcoEvent = SandboxEvent.Parse(await File.ReadAllTextAsync(Sample("event.json"), cancellationToken), "event.json");
        var pods = new EventPods(stage.Kube.Store);
        pods.Make(falcoEvent);
        pods.Make(OtherNamespace, OtherPod, OtherContainer);
        stage.Kube.Store.AddReplicaSet("shop", "frontend-7c5ddbdf54", 2);

        var sent = time.GetUtcNow();
        falcoEvent.Stamp(sent);
        timeline.Add(new TimelineEntry(
            sent, TimelineKind.Sent, $"POST {Plain(stage.Address)}/  '{falcoEvent.Rule}' in the pod {falcoEvent.Namespace}/{falcoEvent.Pod}",
            "The body is what Falcosidekick sends; only its times are new."));
        waitsFor("talon has not answered the event");
        using var client = MakeClient(stage);
        var (status, reason) = await PostAsync(client, falcoEvent, cancellationToken);
        var answered = time.GetUtcNow();
        timeline.Add(new TimelineEntry(
            answered, TimelineKind.Answer, string.Create(CultureInfo.InvariantCulture, $"HTTP {status} after {(answered - sent).TotalMilliseconds:0} ms {reason}")));
        if (status != 200)
        {
            timeline.PrintAll();
            throw new SandboxException($"talon answered {status}: {reason}");
        }

        waitsFor($"the pod {falcoEvent.Namespace}/{falcoEvent.Pod} is still there");
        using var timer = new PeriodicTimer(Look, time);
        while (stage.Kube.Store.FindPod(falcoEvent.Namespace, falcoEvent.Pod) is not null)
        {
            Show(stage, timeline);
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        timeline.Add(new TimelineEntry(time.GetUtcNow(), TimelineKind.Gone, $"the pod {falcoEvent.Namespace}/{falcoEvent.Pod} no longer exists"));
        foreach (var entry in stage.Witnesses.TakeNew())
            timeline.Add(entry);
        timeline.PrintAll();
        return "done";
    }

    // Shows whatever happens from here on.
    private static async Task FollowAsync(Stage stage, Timeline timeline, CancellationToken stopped)
    {
        using var timer = new PeriodicTimer(Look);
        while (await timer.WaitForNextTickAsync(stopped))
            Show(stage, timeline);
    }

    private static void Show(Stage stage, Timeline timeline)
    {
        stage.Talon.ThrowIfEnded();
        foreach (var entry in stage.Witnesses.TakeNew())
            timeline.Add(entry);
        timeline.Print();
    }

    private static void ShowNext(Stage stage, Screen screen, TimeProvider time)
    {
        var next = SandboxEvent.Parse(File.ReadAllText(Sample("event.json")), "event.json").About(OtherNamespace, OtherPod, OtherContainer);
        next.Stamp(time.GetUtcNow());
        screen.Line();
        screen.Title("To try next, in another terminal:");
        screen.Line();
        screen.Line("The same alert about another pod; what it does appears here:");
        screen.Command($"curl -i {Plain(stage.Address)}/ -H 'Content-Type: application/json' -d '{next.Body}'");
        screen.Line();
        screen.Line("Rules with mistakes in them, and what Talon says:");
        screen.Command("dotnet run --project src/Talon.Host -- rules check -r tests/Talon.Sandbox/Samples/broken.yaml");
        screen.Line();
        screen.Line("Ctrl+C ends the sandbox and removes all it made.");
        screen.Line();
    }

    internal static HttpClient MakeClient(Stage stage)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = stage.Address };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Falcosidekick");
        return client;
    }

    /// <summary>Posts an event as Falcosidekick does.</summary>
    internal static async Task<(int Status, string Reason)> PostAsync(HttpClient client, SandboxEvent falcoEvent, CancellationToken cancellationToken)
    {
        using var content = new StringContent(falcoEvent.Body + "\n", Encoding.UTF8, new MediaTypeHeaderValue("application/json", "utf-8"));
        try
        {
            using var response = await client.PostAsync(new Uri("/", UriKind.Relative), content, cancellationToken);
            return ((int)response.StatusCode, (await response.Content.ReadAsStringAsync(cancellationToken)).Trim());
        }
        catch (HttpRequestException e)
        {
            throw new SandboxException($"talon cannot be reached: {e.Message}");
        }
    }

    private static string Plain(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "Samples", name);
}
