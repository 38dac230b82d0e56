using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Talon.Benchmarks.Processes;

/// <summary>The real talon as a process of its own, with a journal of its own in the given folder.</summary>
internal sealed class TalonServer : IAsyncDisposable
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);
    private readonly HttpClient _client;

    private TalonServer(ChildProcess process, Uri address)
    {
        Process = process;
        _client = new HttpClient { BaseAddress = address };
        Address = IPEndPoint.Parse(address.Authority);
    }

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Where it takes events.</summary>
    public IPEndPoint Address { get; }

    /// <summary>From the start of the process to the first 200 of <c>/readyz</c>.</summary>
    public TimeSpan TimeToReady { get; private set; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="folder">An empty folder, for configuration, rules and journal.</param>
    /// <param name="rules">The text of its rule file.</param>
    /// <param name="kubeconfig">The file that points it at the stand-in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="configuration">Further lines of its configuration.</param>
    /// <param name="journal">Its section <c>journal</c>; null for SQLite in the folder.</param>
    public static async Task<TalonServer> StartAsync(
        string folder, string rules, string kubeconfig, CancellationToken cancellationToken, string configuration = "", string? journal = null)
    {
        string config = Path.Combine(folder, "config.yaml");
        string ruleFile = Path.Combine(folder, "rules.yaml");
        await File.WriteAllTextAsync(ruleFile, rules, cancellationToken);
        await File.WriteAllTextAsync(
            config,
            $"""
            listen_address: 127.0.0.1
            listen_port: 0
            log_format: json
            kubeconfig: {JsonSerializer.Serialize(kubeconfig)}
            journal: {journal ?? $"{{path: {JsonSerializer.Serialize(Path.Combine(folder, "journal"))}}}"}
            cluster:
              port: 0

            """ + configuration,
            cancellationToken);
        var clock = Stopwatch.StartNew();
        var process = ChildProcess.Start("talon.dll", "server", "-c", config, "-r", ruleFile);
        try
        {
            var server = new TalonServer(process, await process.AddressAsync(cancellationToken));
            await server.WaitUntilReadyAsync(clock, cancellationToken);
            return server;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many accepted events are not finished.</summary>
    public async Task<int> UnfinishedAsync(CancellationToken cancellationToken)
    {
        using var answer = await _client.GetFromJsonAsync<JsonDocument>("/readyz", cancellationToken);
        return answer!.RootElement.GetProperty("unfinished_events").GetInt32();
    }

    /// <summary>Its metrics now.</summary>
    public async Task<MetricsText> MetricsAsync(CancellationToken cancellationToken) =>
        new(await _client.GetStringAsync("/metrics", cancellationToken));

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return Process.DisposeAsync();
    }

    private async Task WaitUntilReadyAsync(Stopwatch clock, CancellationToken cancellationToken)
    {
        while (clock.Elapsed < ReadyDeadline)
        {
            using var answer = await _client.GetAsync("/readyz", cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                TimeToReady = clock.Elapsed;
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        throw new BenchmarkException(string.Create(
            CultureInfo.InvariantCulture, $"talon was not ready within {ReadyDeadline.TotalSeconds} s:\n{Process.Tail}"));
    }
}
