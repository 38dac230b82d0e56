using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Plugins;
using Talon.Actors.Telemetry;
using Talon.Cluster.Forming;
using Talon.Cluster.Journal;
using Talon.Cluster.Node;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Actors.Tests.Pipeline;

/// <summary>A real node with a real journal, SQLite in a folder of its own unless another one is given, and actionners that a test controls.</summary>
internal sealed class PipelineRig : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly IActionner[] _actionners;
    private readonly PipelineOptions _options;
    private readonly ICategoryProbe[] _probes;
    private readonly string _folder;
    private readonly bool _ownsFolder;
    private readonly JournalOptions _journal;
    private TalonNode? _node;

    private PipelineRig(PipelineOptions options, IActionner[] actionners, ICategoryProbe[] probes, string? folder, JournalOptions? journal)
    {
        _options = options;
        _actionners = actionners;
        _probes = probes;
        _ownsFolder = folder is null;
        _folder = folder ?? Directory.CreateTempSubdirectory("talon-test-").FullName;
        _journal = journal ?? new JournalOptions.Sqlite(_folder);
    }

    public ConcurrentQueue<LogLine> Lines { get; } = new();

    public TalonPipeline Pipeline { get; private set; } = null!;

    public PipelineStatus Status => Pipeline.Status;

    public TalonNode Node => _node!;

    /// <summary>Hears of every outcome.</summary>
    private INotifier? Notifier { get; init; }

    public string Folder => _folder;

    public static async Task<PipelineRig> StartAsync(
        IActionner[] actionners, PipelineOptions? options = null, ICategoryProbe[]? probes = null, string? folder = null, string? hocon = null,
        INotifier? notifier = null, JournalOptions? journal = null)
    {
        var rig = new PipelineRig(options ?? new PipelineOptions(), actionners, probes ?? [], folder, journal) { Notifier = notifier };
        await rig.BootAsync(hocon);
        return rig;
    }

    public Task<IntakeResult> AcceptAsync(FalcoEvent falcoEvent, EventPlan plan) =>
        Pipeline.Intake.AcceptAsync(falcoEvent, plan, default, "0123456789abcdef0123456789abcdef", CancellationToken.None);

    public Task<LogLine> FinalAsync(string? eventKey = null, int count = 1) => Eventually.GetAsync(() =>
    {
        var final = Lines.Where(l => l.Message == "action" && l.Status is "success" or "failure" or "ignored" && (eventKey is null || l.EventKey == eventKey)).ToList();
        return final.Count >= count ? final[^1] : null;
    });

    /// <summary>Stops the node as SIGTERM does, after which another rig may open the same folder.</summary>
    public async Task StopAsync()
    {
        if (_node is { } node)
        {
            _node = null;
            await Pipeline.DrainAsync();
            await node.StopAsync();
        }
    }

    /// <summary>Ends the actor system without any leave-taking, as a crash does for all that the journal can see.</summary>
    public async Task CrashAsync()
    {
        if (_node is { } node)
        {
            _node = null;
            await node.AbortAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CrashAsync();
        await _services.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task BootAsync(string? hocon)
    {
        var options = new TalonClusterOptions { Port = 0, Journal = _journal };
        _node = await TalonNode.StartAsync(
            options, NullLoggerFactory.Instance, hocon is null ? null : ConfigurationFactory.ParseString(hocon), CancellationToken.None);
        Pipeline = await TalonPipeline.StartAsync(
            _node,
            options.Journal.Buckets,
            _options,
            new PipelineParts
            {
                Actionners = _actionners,
                Notifiers = Notifier is null ? [] : [new ConfiguredNotifier(Notifier, DeliverySettings.All)],
                DefaultNotifiers = Notifier is null ? [] : [Notifier.Descriptor.Name],
                Probes = _probes,
                Log = new CapturingLog(Lines),
                Meters = new TalonMeters(_services.GetRequiredService<IMeterFactory>()),
                Clock = TimeProvider.System,
                Jitter = () => 0.5,
            },
            CancellationToken.None);
    }

    private sealed class CapturingLog(ConcurrentQueue<LogLine> lines) : ITalonLog
    {
        public void Write(LogLine line) => lines.Enqueue(line);
    }
}
