using System.Text.Json;

namespace Talon.Benchmarks.Processes;

/// <summary>The Kubernetes stand-in of the tests as a process of its own, with pods in it.</summary>
internal sealed class KubeApiStandIn : IAsyncDisposable
{
    // Its collections would be read as delays of Talon; so there is one for 512 MiB of garbage (hexadecimal), not for a few.
    private static readonly Dictionary<string, string> RareCollections = new(StringComparer.Ordinal) { ["DOTNET_GCgen0size"] = "20000000" };

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
    /// <param name="folder">An empty folder.</param>
    /// <param name="pods">How many pods.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="programs">A folder with scripts that every container finds; null for none.</param>
    public static async Task<KubeApiStandIn> StartAsync(string folder, int pods, CancellationToken cancellationToken, string? programs = null)
    {
        string kubeconfig = Path.Combine(folder, "kubeconfig.yaml");
        var process = ChildProcess.Start(
            "kubeapi.dll", RareCollections, [.. new[] { "--kubeconfig", kubeconfig }, .. programs is null ? Array.Empty<string>() : ["--programs", programs]]);
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

    /// <summary>When each pod's deletion came in, since the last call; the record begins anew.</summary>
    public async Task<Dictionary<string, DateTimeOffset>> DeletionsAsync(int expected, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            using var answer = await _client.GetFromJsonAsync<JsonDocument>("/_control/requests", cancellationToken);
            var deletions = answer!.RootElement.GetProperty("items").EnumerateArray()
                .Where(request => request.GetProperty("verb").GetString() == "delete" && request.GetProperty("resource").GetString() == "pods")
                .GroupBy(request => request.GetProperty("name").GetString()!, StringComparer.Ordinal)
                .ToDictionary(pod => pod.Key, pod => pod.Min(request => request.GetProperty("time").GetDateTimeOffset()), StringComparer.Ordinal);
            if (deletions.Count >= expected || clock.Elapsed > deadline)
            {
                using var cleared = await _client.DeleteAsync(new Uri("/_control/requests", UriKind.Relative), cancellationToken);
                return deletions;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }
    }

    /// <summary>Makes it collect its garbage now, and not in what comes next.</summary>
    public async Task CollectAsync(CancellationToken cancellationToken)
    {
        using var answer = await _client.PostAsync(new Uri("/_control/collect", UriKind.Relative), content: null, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Makes it slow to answer what is about one pod.</summary>
    public async Task SlowDownAsync(string pod, TimeSpan latency, CancellationToken cancellationToken)
    {
        using var answer = await _client.PostAsJsonAsync("/_control/faults", new { name = $"^{pod}$", latency }, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Ends all that was asked for by <see cref="SlowDownAsync"/>.</summary>
    public async Task ClearFaultsAsync(CancellationToken cancellationToken)
    {
        using var answer = await _client.DeleteAsync(new Uri("/_control/faults", UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return Process.DisposeAsync();
    }

    /// <summary>Adds pods with these numbers.</summary>
    public async Task AddPodsAsync(int first, int count, CancellationToken cancellationToken) => await Parallel.ForAsync(
        first, first + count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, AddPodAsync);

    private async ValueTask AddPodAsync(int number, CancellationToken cancellationToken)
    {
        var seed = new { @namespace = Load.Pods.Namespace, name = Load.Pods.Name(number) };
        using var answer = await _client.PostAsJsonAsync("/_control/pods", seed, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
