using Microsoft.AspNetCore.Http;
using Talon.Actors.Actionners.Functions.Lambda;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Plugins;
using Talon.CloudApi.Aws;
using Talon.Rules.Catalog;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Functions.Lambda;

/// <summary>The actionner against the stand-in.</summary>
internal sealed class LambdaRig : IAsyncDisposable
{
    private LambdaRig(AwsServer server, AwsOptions? options)
    {
        Server = server;
        Connection = server.Connect(options);
        Actionner = new LambdaActionner(new LambdaClient(Connection));
    }

    public AwsServer Server { get; }

    public AwsConnection Connection { get; }

    public LambdaActionner Actionner { get; }

    public static async Task<LambdaRig> StartAsync(AwsOptions? options = null) => new(await AwsServer.StartAsync(), options);

    public static ActionRequest Request(string type = "RequestResponse", string name = "responder", string? alias = null)
    {
        var parameters = ParameterMap.Empty
            .With("aws_lambda_name", new ParameterValue.Text(name))
            .With("aws_lambda_invocation_type", new ParameterValue.Text(type));
        parameters = alias is null ? parameters : parameters.With("aws_lambda_alias_or_version", new ParameterValue.Text(alias));
        return ActionnerRig.Request("aws:lambda", TestEvents.ForPod("shop", "cart-0"), parameters) with { Attempt = 2, TraceId = "0123456789abcdef0123456789abcdef" };
    }

    public async Task<ActionOutcome> RunAsync(ActionRequest? request = null, Talon.Actors.Clients.Calls.CallScope? scope = null)
    {
        request ??= Request();
        scope ??= ActionnerRig.Scope();
        var outcome = await Actionner.PrepareAsync(request, scope) switch
        {
            Preparation.Done done => done.Outcome,
            Preparation.Ready ready => await Actionner.RunAsync(request, ready, scope),
            var other => throw new InvalidOperationException($"no such preparation: {other}"),
        };

        // Whatever becomes of it, no secret is in what Talon tells of it.
        Assert.DoesNotContain("canary", $"{outcome} {string.Join(' ', outcome.Objects)}", StringComparison.Ordinal);
        return outcome;
    }

    public async Task<ActionOutcome.Failed> FailAsync(ActionRequest? request = null) => Assert.IsType<ActionOutcome.Failed>(await RunAsync(request));

    /// <summary>Takes the call and cuts the line without an answer.</summary>
    public static Task CutAsync(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        Connection.Dispose();
        await Server.DisposeAsync();
    }
}
