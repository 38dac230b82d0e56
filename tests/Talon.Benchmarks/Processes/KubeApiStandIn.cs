using System.Text.Json;

namespace Talon.Benchmarks.Processes;

/// <summary>The Kubernetes stand-in of the tests as a process of its own, with pods in it.</summary>
internal sealed class KubeApiStandIn : IAsyncDisposable
{
    private readonly HttpClient _client;

    private KubeApiStandIn(ChildProcess process, Uri address, string kubeconfig)
    {
        Process = process;
        _client = new HttpClient { BaseAddress = address };
        Kubeconfig = kubeconfig;
    }

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>The file that points Talon at it.</summary>
    public string Kubeconfig { get; }

    /// <summary>Starts it with a number of pods.</summary>
    public static async Task<KubeApiStandIn> StartAsync(string folder, int pods, CancellationToken cancellationToken)
    {
        string kubeconfig = Path.Combine(folder, "kubeconfig.yaml");
        var process = ChildProcess.Start("kubeapi.dll", "--kubeconfig", kubeconfig);
        try
        {
            var standIn = new KubeApiStandIn(process, await process.AddressAsync(cancellationToken), kubeconfig);
            var senders = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, pods, senders, standIn.AddPodAsync);
            return standIn;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many effects clients had, and on how many objects.</summary>
    public async Task<(int Effects, int Objects)> EffectsAsync(CancellationToken cancellationToken)
    {
        using var answer = await _client.GetFromJsonAsync<JsonDocument>("/_control/effects", cancellationToken);
        var root = answer!.RootElement;
        return (root.GetProperty("count").GetInt32(), root.GetProperty("countByUid").EnumerateObject().Count());
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return Process.DisposeAsync();
    }

    private async ValueTask AddPodAsync(int number, CancellationToken cancellationToken)
    {
        var seed = new { @namespace = Load.Pods.Namespace, name = Load.Pods.Name(number) };
        using var answer = await _client.PostAsJsonAsync("/_control/pods", seed, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
