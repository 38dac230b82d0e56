using k8s;
using k8s.Models;
using Talon.EndToEnd.Tests.Support;
using Talon.Rules.Outcomes;

namespace Talon.EndToEnd.Tests.RealCluster;

/// <summary>
/// What must hold on any Kubernetes: the same steps against the stand-in and against a real cluster, through the same client,
/// and judged from the objects of the API alone. The pods live in a namespace of their own, which is removed at the end.
/// </summary>
public abstract class ClusterSpec
{
    /// <summary>Where a kubeconfig comes from, and what to tidy up with it.</summary>
    internal abstract Task<Backend> ConnectAsync(string folder);

    protected async Task TerminateAsync()
    {
        await using var run = await Run.StartAsync(this, RuleFiles.Terminate);
        var pod = await run.AddPodAsync("victim");
        var bystander = await run.AddPodAsync("bystander");
        await run.PostAsync(pod);
        var journal = await run.FinishAsync();

        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Events).Outcome);
        Assert.True(await run.IsGoneOrGoingAsync(pod));
        Assert.False(await run.IsGoneOrGoingAsync(bystander));
    }

    protected async Task LabelAsync()
    {
        await using var run = await Run.StartAsync(this, RuleFiles.Label("seen"));
        var pod = await run.AddPodAsync("suspect");
        await run.PostAsync(pod);
        var journal = await run.FinishAsync();

        Assert.IsType<ActionOutcome.Succeeded>(Assert.Single(journal.Events).Outcome);
        Assert.Equal("seen", (await run.ReadAsync(pod))!.Metadata.Labels["rule-set"]);
    }

    protected async Task ReplacedPodAsync()
    {
        await using var run = await Run.StartAsync(this, RuleFiles.Terminate);
        var pod = await run.AddPodAsync("db-0");
        await run.PostAsync(pod, ("k8s.pod.uid", Guid.NewGuid().ToString()));
        var journal = await run.FinishAsync();

        Assert.StartsWith("pod was replaced since the event", Assert.IsType<ActionOutcome.Ignored>(Assert.Single(journal.Events).Outcome).Reason);
        Assert.False(await run.IsGoneOrGoingAsync(pod));
    }

    protected async Task KilledAfterTheCallAsync()
    {
        await using var run = await Run.StartAsync(this, RuleFiles.LabelAndTerminate, "after-call:DELETE");
        var pod = await run.AddPodAsync("victim");
        await run.PostAsync(pod, mayFail: true);
        await run.RestartAsync();
        var journal = await run.FinishAsync();

        var journalled = Assert.Single(journal.Events);
        Assert.True(journalled.IsComplete, journalled.ToString());
        Assert.All(journalled.Finished, f => Assert.IsType<ActionOutcome.Succeeded>(f.Outcome));
        Assert.True(await run.IsGoneOrGoingAsync(pod));
    }

    /// <summary>A cluster that tests may use.</summary>
    internal sealed record Backend(string Kubeconfig, IAsyncDisposable Server);

    private sealed class Run : IAsyncDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly HttpClient _http = new();
        private readonly string _namespace = $"talon-e2e-{Guid.NewGuid().ToString("N")[..10]}";
        private Backend _backend = null!;
        private Kubernetes _client = null!;
        private TalonProcess _talon = null!;

        public static async Task<Run> StartAsync(ClusterSpec spec, string rules, string? fault = null)
        {
            var run = new Run();
            run._backend = await spec.ConnectAsync(run._folder.Path);
            run._client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(run._backend.Kubeconfig));
            await run._client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = run._namespace } });
            run._folder.Write("rules.yaml", rules);
            run._folder.Write("config.yaml", TalonRig.Base(Path.Combine(run._folder.Path, "journal")));
            await run.LaunchAsync(fault);
            return run;
        }

        public async Task<V1Pod> AddPodAsync(string name)
        {
            await _client.CoreV1.CreateNamespacedPodAsync(
                new V1Pod
                {
                    Metadata = new V1ObjectMeta { Name = name },
                    Spec = new V1PodSpec
                    {
                        Containers = [new V1Container { Name = "pause", Image = "registry.k8s.io/pause:3.10" }],
                        TerminationGracePeriodSeconds = 5,
                        AutomountServiceAccountToken = false,
                    },
                },
                _namespace);
            return await Eventually.GetAsync(
                async () => await _client.CoreV1.ReadNamespacedPodAsync(name, _namespace) is { Status.Phase: "Running" } pod
                    && pod.Status.ContainerStatuses?[0].ContainerID is not null ? pod : null,
                () => $"the pod {name} does not run",
                TimeSpan.FromMinutes(3));
        }

        public async Task PostAsync(V1Pod pod, (string Name, object? Value)? field = null, bool mayFail = false)
        {
            string container = pod.Status.ContainerStatuses[0].ContainerID.Split("://")[1][..12];
            (string Name, object? Value)[] fields =
                [("k8s.ns.name", _namespace), ("k8s.pod.name", pod.Metadata.Name), ("container.id", container), .. field is { } more ? [more] : Array.Empty<(string, object?)>()];
            using var content = new StringContent(FalcoBody.Create(pod.Metadata.Name, FalcoBody.Now, fields));
            try
            {
                using var response = await _http.PostAsync(_talon.Address, content);
                Assert.True(response.IsSuccessStatusCode, _talon.Tail());
            }
            catch (HttpRequestException) when (mayFail)
            {
                // The process died before it could answer.
            }
        }

        public async Task RestartAsync()
        {
            Assert.Equal(TalonProcess.Killed, await _talon.ExitAsync());
            await _talon.DisposeAsync();
            await LaunchAsync(null);
        }

        public async Task<JournalCopy> FinishAsync()
        {
            await Eventually.TrueAsync(
                async () => (await _http.GetStringAsync(new Uri(_talon.Address!, "/readyz"))).Contains("\"unfinished_events\":0", StringComparison.Ordinal), _talon.Tail);
            await _talon.StopAsync();
            return JournalCopy.Read(Path.Combine(_folder.Path, "journal"));
        }

        public async Task<V1Pod?> ReadAsync(V1Pod pod) =>
            (await _client.CoreV1.ListNamespacedPodAsync(_namespace)).Items.FirstOrDefault(p => p.Metadata.Uid == pod.Metadata.Uid);

        public async Task<bool> IsGoneOrGoingAsync(V1Pod pod) => await ReadAsync(pod) is null or { Metadata.DeletionTimestamp: not null };

        public async ValueTask DisposeAsync()
        {
            await _talon.DisposeAsync();
            await _client.CoreV1.DeleteNamespaceAsync(_namespace);
            _client.Dispose();
            _http.Dispose();
            await _backend.Server.DisposeAsync();
            _folder.Dispose();
        }

        private async Task LaunchAsync(string? fault)
        {
            var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["KUBECONFIG"] = _backend.Kubeconfig,
                ["POD_NAMESPACE"] = null,
                ["TALON_FAULT"] = fault,
            };
            _talon = TalonProcess.Start(
                fault is null ? "talon" : "talon-fault", environment,
                "server", "-c", Path.Combine(_folder.Path, "config.yaml"), "-r", Path.Combine(_folder.Path, "rules.yaml"));
            await _talon.ListeningAsync();
        }
    }
}
