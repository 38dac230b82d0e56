using System.Text.Json;
using System.Text.Json.Nodes;
using Talon.KubeApi;

namespace Talon.Sandbox;

/// <summary>The Kubernetes stand-in, a folder of its own in the temporary folder, and the Talon process that works on both. Gone with it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private Stage(DirectoryInfo folder, KubeApiServer kube)
    {
        _folder = folder;
        Kube = kube;
        Witnesses = new Witnesses(kube, JournalFolder);
    }

    public KubeApiServer Kube { get; }

    public Witnesses Witnesses { get; }

    public TalonProcess Talon { get; private set; } = null!;

    /// <summary>Where Talon listens.</summary>
    public Uri Address { get; private set; } = null!;

    private string JournalFolder => Path.Combine(_folder.FullName, "journal");

    /// <summary>Builds it up and waits until Talon listens.</summary>
    /// <param name="rules">The rule file.</param>
    /// <param name="hearLog">Also called for each line of Talon's log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Stage> BuildAsync(string rules, Action<JsonObject> hearLog, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("talon-sandbox-");
        var stage = new Stage(folder, await KubeApiServer.StartAsync(ct: cancellationToken));
        try
        {
            string kubeconfig = stage.Kube.WriteKubeconfig(Path.Combine(folder.FullName, "kubeconfig"));
            string config = Path.Combine(folder.FullName, "config.yaml");
            await File.WriteAllTextAsync(config, stage.Config(rules, kubeconfig), cancellationToken);
            stage.Talon = TalonProcess.Start(config, line =>
            {
                hearLog(line);
                stage.Witnesses.HearLog(line);
            });
            stage.Address = await stage.Talon.WaitUntilListeningAsync(cancellationToken);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Talon is not null)
            await Talon.DisposeAsync();
        await Kube.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    // JSON is YAML: a path needs no thought about quotes.
    private string Config(string rules, string kubeconfig) =>
        $$"""
        listen_address: 127.0.0.1
        listen_port: 0
        log_format: json
        rules_files: [{{Quote(rules)}}]
        kubeconfig: {{Quote(kubeconfig)}}
        journal: { path: {{Quote(JournalFolder)}} }
        cluster: { port: 0 }

        """;

    private static string Quote(string text) => JsonSerializer.Serialize(text, SandboxJson.Readable);
}
