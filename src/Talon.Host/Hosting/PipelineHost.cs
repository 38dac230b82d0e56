using Akka.Configuration;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Cluster;
using Talon.Host.Configuration;
using Talon.Rules.Events;
using Talon.Rules.Planning;

namespace Talon.Host.Hosting;

/// <summary>
/// Starts the node and its pipeline before the web server, and stops them after it. Until it has started nothing is
/// accepted and the node is not ready.
/// </summary>
internal sealed class PipelineHost(
    TalonOptions options,
    TalonProgramHooks hooks,
    PipelineParts parts,
    ILoggerFactory loggers,
    IHostApplicationLifetime lifetime,
    TimeProvider time) : IHostedService, IIntake, IPipelineStatus, ILiveness
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TalonNode? _node;
    private volatile TalonPipeline? _pipeline;
    private CancellationTokenRegistration _stopping;

    /// <inheritdoc/>
    public bool IsAlive => !_ended.Task.IsCompleted;

    /// <inheritdoc/>
    public Task Ended => _ended.Task;

    /// <inheritdoc/>
    public bool JoinedOnce => _pipeline?.Status.JoinedOnce ?? false;

    /// <inheritdoc/>
    public string Membership => _pipeline?.Status.Membership ?? "Joining";

    /// <inheritdoc/>
    public bool Draining => _pipeline?.Status.Draining ?? false;

    /// <inheritdoc/>
    public TimeSpan? JournalSilence => _pipeline?.Status.JournalSilence;

    /// <inheritdoc/>
    public IReadOnlyList<CategoryStatus> Categories => _pipeline?.Status.Categories ?? [];

    /// <inheritdoc/>
    public int UnfinishedEvents => _pipeline?.Status.UnfinishedEvents ?? 0;

    /// <inheritdoc/>
    public Task<IntakeResult> AcceptAsync(FalcoEvent falcoEvent, EventPlan plan, string traceId, CancellationToken cancellationToken) =>
        _pipeline?.Intake.AcceptAsync(falcoEvent, plan, traceId, cancellationToken)
        ?? Task.FromResult<IntakeResult>(new IntakeResult.Refused("unreachable", "the pipeline has not started", TimeSpan.FromSeconds(5)));

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var extra = hooks.Hocon is { } hocon ? ConfigurationFactory.ParseString(hocon) : null;
        var clusterOptions = options.ToClusterOptions();
        _node = await TalonNode.StartAsync(clusterOptions, loggers, extra, cancellationToken);
        _ = _node.System.WhenTerminated.ContinueWith(
            _ => _ended.TrySetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _pipeline = await TalonPipeline.StartAsync(_node, clusterOptions.Buckets, options.ToPipelineOptions(), parts, cancellationToken);
        _stopping = lifetime.ApplicationStopping.Register(_pipeline.StartDraining);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.DisposeAsync();
        if (_node is null)
        {
            return;
        }

        if (_pipeline is null)
        {
            await _node.AbortAsync().WaitAsync(cancellationToken);
            return;
        }

        if (_node.IsUp)
        {
            await _pipeline.DrainAsync().WaitAsync(options.ShutdownGracePeriod + TimeSpan.FromSeconds(15), time, cancellationToken);
        }

        await _node.StopAsync().WaitAsync(cancellationToken);
    }
}
