using System.Text;
using Microsoft.AspNetCore.Builder;
using OpenTelemetry.Metrics;
using Talon.Actors.Pipeline.Sinks;
using Talon.Host.Composition;
using Talon.Host.Configuration;
using Talon.Host.Ingress;
using Talon.Host.Logging;
using Talon.Host.Reload;

namespace Talon.Host.Tests.Support;

/// <summary>The real server on a free port of the loopback, with the pipeline faked.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MemoryStream _output;
    private readonly TalonLog _log;
    private readonly TestMeters _meters;
    private readonly MeterProvider _metrics;

    private TestServer(WebApplication app, MemoryStream output, TalonLog log, TestMeters meters, MeterProvider metrics)
    {
        _app = app;
        _output = output;
        _log = log;
        _meters = meters;
        _metrics = metrics;
    }

    public FakeIntake Intake { get; private init; } = new();

    public FakePipelineStatus Status { get; private init; } = new();

    public FakeSharedRules SharedRules { get; private init; } = new();

    public Uri Address { get; private init; } = new("http://localhost");

    public HttpClient Client { get; private init; } = new();

    public required RuleBook Book { get; init; }

    public TalonMeters Meters => _meters.Meters;

    public static async Task<TestServer> StartAsync(
        string rules = TestRules.Shell, IngressOptions? ingress = null, Func<TalonLog, IngressCertificates>? certificates = null, TimeProvider? time = null)
    {
        var output = new MemoryStream();
        var log = new TalonLog(output, new JsonLogLineFormatter(), TimeProvider.System);
        var intake = new FakeIntake();
        var status = new FakePipelineStatus();
        var shared = new FakeSharedRules();
        var meters = new TestMeters();
        var setup = new ServerSetup
        {
            Clouds = new CloudSettings(),
            Notifiers = NotifierSettings.None,
            Options = new TalonOptions { ListenAddress = "127.0.0.1", ListenPort = 0 },
            Book = new RuleBook(TestRules.Load(rules), meters.Meters, time ?? TimeProvider.System),
            Log = log,
            Lines = new TalonLoggerProvider(log, time ?? TimeProvider.System),
            Meters = meters.Meters,
            Metrics = TalonServer.CollectMetrics(meters),
            Time = time ?? TimeProvider.System,
            Ingress = ingress ?? new IngressOptions(),
            Certificates = certificates?.Invoke(log),
        };
        var app = TalonServer.Build(setup, intake, status, shared);
        await app.StartAsync();
        setup.Lines.EndStart(tell: true);
        var address = TalonServer.AddressOf(app);
        return new TestServer(app, output, log, meters, setup.Metrics)
        {
            Book = setup.Book,
            Intake = intake,
            Status = status,
            SharedRules = shared,
            Address = address,
            Client = new HttpClient { BaseAddress = address },
        };
    }

    public static IngressAuthentication Token(string token) => new(IngressToken.Fixed(token, TimeProvider.System));

    public Task<HttpResponseMessage> PostAsync(string body, string path = "/") => Client.PostAsync(path, new StringContent(body));

    public async Task<string> MetricsAsync() => await Client.GetStringAsync("/metrics");

    /// <summary>Waits until a sample of that name and these labels has the value; the counters of a request settle after its answer.</summary>
    public async Task AssertMetricAsync(string nameAndLabels, long value)
    {
        string last = "";
        await Eventually.TrueAsync(
            async () => MetricText.ValueOf(last = await MetricsAsync(), nameAndLabels) == value,
            () => $"{nameAndLabels} never was {value}:\n{string.Join('\n', last.Split('\n').Where(l => l.Contains("talon", StringComparison.Ordinal)))}");
    }

    /// <summary>Stops the server and gives the lines of its log.</summary>
    public async Task<IReadOnlyList<string>> StopAndReadLogAsync()
    {
        await _app.StopAsync();
        await _log.DisposeAsync();
        return Encoding.UTF8.GetString(_output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _metrics.Dispose();
        _meters.Dispose();
        await _log.DisposeAsync();
        await _output.DisposeAsync();
    }
}
