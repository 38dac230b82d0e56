using System.Diagnostics;
using System.Net;
using Talon.Benchmarks.Load;
using Talon.Benchmarks.Processes;

namespace Talon.Benchmarks.Http;

/// <summary>What scenarios share: the options, the clock, a folder, and the way to measure a load.</summary>
internal sealed class Bench(HttpOptions options, TimeProvider time, string folder)
{
    private static readonly TimeSpan MostWarmUp = TimeSpan.FromSeconds(5);
    private int _folders;

    /// <summary>The number of connections, unless the options say otherwise.</summary>
    public int Connections(int usual) => options.Connections ?? usual;

    /// <summary>How long a load lasts, unless the options say otherwise.</summary>
    public TimeSpan Seconds(int usual) => TimeSpan.FromSeconds(options.Seconds ?? usual);

    /// <summary>Now, for the time in events.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>A new empty folder; it goes with the run.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(folder, $"{++_folders}")).FullName;

    /// <summary>How long the warm-up of a load is.</summary>
    public static TimeSpan WarmUpTime(TimeSpan duration) => duration < MostWarmUp ? duration : MostWarmUp;

    /// <summary>Runs a load as warm-up; its figures are not for the table.</summary>
    public static Task<LoadResult> WarmUpAsync(LoadPlan plan, CancellationToken cancellationToken) =>
        LoadGenerator.RunAsync(plan with { Duration = WarmUpTime(plan.Duration) }, cancellationToken);

    /// <summary>Runs a load and measures what it costs.</summary>
    /// <param name="server">The process under load.</param>
    /// <param name="plan">The load.</param>
    /// <param name="after">What still belongs to it when all is answered; null for nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Row> MeasureAsync(ChildProcess server, LoadPlan plan, Func<Task>? after, CancellationToken cancellationToken)
    {
        using var self = Process.GetCurrentProcess();
        var loadBefore = self.TotalProcessorTime;
        var serverBefore = server.Usage().Processor;
        var load = await LoadGenerator.RunAsync(plan, cancellationToken);
        self.Refresh();
        var loadAfter = self.TotalProcessorTime;
        if (after is not null)
        {
            await after();
        }

        var usage = server.Usage();
        return new Row
        {
            Load = load,
            Connections = plan.Connections,
            IsClosedLoop = plan.Rate is null,
            ServerProcessor = usage.Processor - serverBefore,
            LoadProcessor = loadAfter - loadBefore,
            PeakResident = usage.PeakResident,
        };
    }

    /// <summary>The sample events, once as requests and then for all connections.</summary>
    public LoadPlan SamplePlan(IPEndPoint server)
    {
        byte[][] requests = [.. SampleEvents.Bodies.Select(body => HttpConnection.Request(server, body))];
        return new LoadPlan
        {
            Server = server,
            Connections = Connections(32),
            Duration = Seconds(10),
            Requests = connection => new SampleRequests(requests, connection * 37),
        };
    }
}
