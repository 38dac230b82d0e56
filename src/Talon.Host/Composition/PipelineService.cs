using Akka.Configuration;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Cluster.Forming;
using Talon.Cluster.Node;
using Talon.Host.Configuration;
using Talon.Host.Endpoints;
using Talon.Host.Reload;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Host.Composition;

/// <summary>
/// Starts the node and its pipeline before the web server opens, and stops them after it has closed: first the running actions,
/// then the membership, then the actor system.
/// </summary>
internal sealed class PipelineService(
    TalonOptions options,
    TalonClusterOptions cluster,
    TalonProgramHooks hooks,
    PipelineParts parts,
    NodeLocks guards,
    SharedRules rules,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime)
    : IHostedService, IIntake, ILiveness
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TalonNode? _node;
    private TalonPipeline? _pipeline;
    private Task<bool>? _drain;

    public bool IsAlive => _node is not null && !_ended.Task.IsCompleted;

    public Task Ended => _ended.Task;

    public string? Refusal => parts.Status.Refusal;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(BeginDrain);
        var extra = hooks.Hocon is { } hocon ? ConfigurationFactory.ParseString(hocon) : null;
        if (options.Journal.IsPostgreSql)
        {
            await SqliteMigrationCheck.IsFinishedAsync(options.Journal.Path, cancellationToken);
        }

        var node = await TalonNode.OpenAsync(cluster, loggers, extra, cancellationToken);
        try
        {
            _pipeline = await TalonPipeline.StartAsync(node, cluster.Journal.Buckets, options.Pipeline, parts, cancellationToken);

            // A caller that needs a guard before this waits for it.
            guards.Start(node.StartLocks(parts.Clock));
            rules.Start(node);
        }
        catch
        {
            await node.AbortAsync();
            throw;
        }

        _node = node;
        _ = node.System.WhenTerminated.ContinueWith(
            _ => _ended.TrySetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        BeginDrain();
        await (_drain ?? Task.CompletedTask);

        if (_node is { } node)
        {
            await node.StopAsync();
        }
    }

    // From the signal on no action is started and the running ones have their grace, while the web server still answers its last requests.
    private void BeginDrain()
    {
        parts.Status.StartDraining();
        lock (_ended)
        {
            _drain ??= _pipeline is { } pipeline && IsAlive ? pipeline.DrainAsync() : null;
        }
    }

    public Task<IntakeResult> AcceptAsync(FalcoEvent falcoEvent, EventPlan plan, VolatileSet named, string traceId, CancellationToken cancellationToken) =>
        _pipeline?.Intake.AcceptAsync(falcoEvent, plan, named, traceId, cancellationToken)
        ?? Task.FromResult<IntakeResult>(new IntakeResult.Refused(RefusalCause.Unreachable, "the pipeline has not started", TimeSpan.FromSeconds(5)));
}
