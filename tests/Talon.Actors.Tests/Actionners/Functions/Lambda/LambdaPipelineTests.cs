using Talon.Actors.Tests.Pipeline;
using Talon.CloudApi.Aws;

namespace Talon.Actors.Tests.Actionners.Functions.Lambda;

/// <summary>What the pipeline makes of how a call ended.</summary>
[Trait("Speed", "Slow")]
public sealed class LambdaPipelineTests
{
    [Fact]
    public async Task Event_FunctionActsAndTheLineIsCut_IsUnknownAfterOneCall()
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = LambdaRig.CutAsync;
        await using var pipeline = await PipelineRig.StartAsync([rig.Actionner]);

        await AcceptAsync(pipeline);
        var line = await pipeline.FinalAsync();

        Assert.Equal(("failure", "unknown"), (line.Status, line.Result));
        Assert.Single(rig.Server.Invocations);
        Assert.DoesNotContain("canary", string.Join('\n', pipeline.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_ResponseNeverEnds_IsUnknownAfterOneCall()
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = async http =>
        {
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        await using var pipeline = await PipelineRig.StartAsync([rig.Actionner]);

        await AcceptAsync(pipeline, TimeSpan.FromSeconds(1));
        var line = await pipeline.FinalAsync();

        Assert.Equal("unknown", line.Result);
        Assert.Single(rig.Server.Invocations);
    }

    [Fact]
    public async Task Event_Throttled_IsTriedAgainWithTheSameKeyAndTheNextAttempt()
    {
        await using var rig = await LambdaRig.StartAsync();
        var answer = rig.Server.Invoke;
        int calls = 0;
        rig.Server.Invoke = http => Interlocked.Increment(ref calls) == 1 ? AwsServer.Error(429, "TooManyRequestsException", "Rate Exceeded.")(http) : answer(http);
        await using var pipeline = await PipelineRig.StartAsync([rig.Actionner]);

        await AcceptAsync(pipeline);
        var line = await pipeline.FinalAsync();

        Assert.Equal(("success", 2), (line.Status, line.Attempt));
        var contexts = rig.Server.Invocations.Select(call => System.Text.Json.Nodes.JsonNode.Parse(call.Body)!["context"]!).ToList();
        Assert.Equal(["1", "2"], contexts.Select(context => (string?)context["talon.attempt"]));
        Assert.Single(contexts.Select(context => (string?)context["talon.idempotency_key"]).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Event_DryRunOfTheRule_CallsNothing()
    {
        await using var rig = await LambdaRig.StartAsync();
        await using var pipeline = await PipelineRig.StartAsync([rig.Actionner]);

        var action = Sample.Action(0, "aws:lambda") with { Parameters = LambdaRig.Request().Action.Parameters };
        await pipeline.AcceptAsync(Sample.Event(), Sample.Plan(Sample.Rule("rule", action) with { DryRun = true }));
        var line = await pipeline.FinalAsync();

        Assert.Equal("ignored", line.Status);
        Assert.Empty(rig.Server.Invocations);
    }

    private static async Task AcceptAsync(PipelineRig pipeline, TimeSpan? timeout = null)
    {
        var action = Sample.Action(0, "aws:lambda") with { Parameters = LambdaRig.Request().Action.Parameters, Timeout = timeout };
        await pipeline.AcceptAsync(Sample.Event(), Sample.Plan(Sample.Rule("rule", action)));
    }
}
