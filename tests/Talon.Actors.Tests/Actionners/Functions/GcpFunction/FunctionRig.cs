using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Actionners.Functions.GcpFunction;
using Talon.Actors.Catalog;
using Talon.Actors.Clients.Calls;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Pipeline;
using Talon.Actors.Pipeline.State;
using Talon.Actors.Plugins;
using Talon.CloudApi.Google;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Functions.GcpFunction;

/// <summary><c>gcp:function</c> on a stand-in of Google, run the way the pipeline runs it.</summary>
internal sealed class FunctionRig(GoogleServer google, GcpConnection connection) : IAsyncDisposable
{
    public GoogleServer Google { get; } = google;

    public FunctionActionner Actionner { get; } = new(connection);

    public static async Task<FunctionRig> StartAsync(Func<GoogleServer, GcpOptions>? options = null, FakeTimeProvider? clock = null)
    {
        var google = await GoogleServer.StartAsync();
        return new FunctionRig(google, google.Connect(options?.Invoke(google), clock));
    }

    public static ActionRequest Request(string name = "answer", string? location = "us-central1", int? timeout = null, int attempt = 1)
    {
        var parameters = ParameterMap.Empty.With("gcp_function_name", new ParameterValue.Text(name));
        parameters = location is null ? parameters : parameters.With("gcp_function_location", new ParameterValue.Text(location));
        parameters = timeout is { } seconds ? parameters.With("gcp_function_timeout", new ParameterValue.Whole(seconds)) : parameters;
        var falcoEvent = TestEvents.Syscall(ActionnerRig.Later(), ("k8s.ns.name", "shop"), ("k8s.pod.name", "cart-0"), ("evt.num", 1));
        return ActionnerRig.Request("gcp:function", falcoEvent, parameters) with { Attempt = attempt, TraceId = "4bf92f3577b34da6a3ce929d0e0e4736" };
    }

    public async Task<ActionOutcome> RunAsync(ActionRequest? request = null, CallScope? scope = null)
    {
        request ??= Request();
        scope ??= ActionnerRig.Scope();
        return await Actionner.PrepareAsync(request, scope) switch
        {
            Preparation.Done done => done.Outcome,
            Preparation.Ready ready => await Actionner.RunAsync(request, ready, scope),
            var other => throw new InvalidOperationException($"no such preparation: {other}"),
        };
    }

    public async Task<ActionOutcome.Failed> FailAsync(ActionRequest? request = null, CallScope? scope = null) =>
        Assert.IsType<ActionOutcome.Failed>(await RunAsync(request, scope));

    /// <summary>What the pipeline makes of a failure: the delay until another attempt, or null and the final outcome.</summary>
    public static (TimeSpan? RetryIn, ActionOutcome Final) Decide(ActionOutcome outcome) => RetryPolicy.Decide(
        outcome, 1, ActionState.Fresh, PluginCatalog.Default.FindActionner(ActionnerName.Parse("gcp:function"))!, TimeSpan.FromMinutes(10), 1000, 0.5);

    public async ValueTask DisposeAsync()
    {
        connection.Dispose();
        await Google.DisposeAsync();
    }
}
