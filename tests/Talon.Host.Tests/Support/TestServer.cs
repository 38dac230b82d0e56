using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.Intake;
using Talon.Host.Composition;
using Talon.Host.Configuration;
using Talon.Host.Endpoints;
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

    private TestServer(WebApplication app, MemoryStream output, TalonLog log)
    {
        _app = app;
        _output = output;
        _log = log;
    }

    public FakeIntake Intake { get; private init; } = new();

    public FakePipelineStatus Status { get; private init; } = new();

    public FakeSharedRules SharedRules { get; private init; } = new();

    public Uri Address { get; private init; } = new("http://localhost");

    public HttpClient Client { get; private init; } = new();

    public IServiceProvider Services => _app.Services;

    public static async Task<TestServer> StartAsync(
        string rules = TestRules.Shell, IngressOptions? ingress = null, Func<TalonLog, IngressCertificates>? certificates = null, TimeProvider? time = null)
    {
        var output = new MemoryStream();
        var log = new TalonLog(output, new JsonLogLineFormatter(), TimeProvider.System);
        var intake = new FakeIntake();
        var status = new FakePipelineStatus();
        var shared = new FakeSharedRules();
        var app = TalonServer.Build(new ServerSetup
        {
            Options = new TalonOptions { ListenAddress = "127.0.0.1", ListenPort = 0 },
            Rules = TestRules.Load(rules),
            Log = log,
            Time = time ?? TimeProvider.System,
            Ingress = ingress ?? new IngressOptions(),
            Certificates = certificates?.Invoke(log),
            AddPipeline = services => services
                .AddSingleton<IIntake>(intake)
                .AddSingleton<IPipelineStatus>(status)
                .AddSingleton<ILiveness>(status)
                .AddSingleton<ISharedRules>(shared),
        });
        await app.StartAsync();
        app.Services.GetRequiredService<TalonLoggerProvider>().EndStart(tell: true);
        var address = TalonServer.AddressOf(app);
        return new TestServer(app, output, log)
        {
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
        for (int i = 0; i < 200; i++)
        {
            last = await MetricsAsync();
            if (MetricText.ValueOf(last, nameAndLabels) == value)
            {
                return;
            }
        }

        Assert.Fail($"{nameAndLabels} never was {value}:\n{string.Join('\n', last.Split('\n').Where(l => l.Contains("talon", StringComparison.Ordinal)))}");
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
        await _log.DisposeAsync();
        await _output.DisposeAsync();
    }
}
