using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Talon.Actors.Plugins;
using Talon.CloudApi.Aws;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Functions.Lambda;

public sealed class LambdaActionnerTests
{
    [Fact]
    public async Task Run_RequestResponse_SendsTheEventAndBringsTheResponseBack()
    {
        await using var rig = await LambdaRig.StartAsync();

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());

        Assert.StartsWith("the function responder ($LATEST) was called; response 13 bytes (sha256 ", done.Output, StringComparison.Ordinal);
        Assert.Equal([KeyValuePair.Create("name", "responder"), KeyValuePair.Create("version", "$LATEST")], done.Objects);
        var text = Assert.Single(done.Captured);
        Assert.Equal(("response", """{"done":true}""", 13, false), (text.Name, text.Text, text.Bytes, text.Inline));
        var call = Assert.Single(rig.Server.Invocations);
        Assert.Equal("/2015-03-31/functions/responder/invocations?Qualifier=%24LATEST", call.Target);
        Assert.Equal("RequestResponse", call.Headers["X-Amz-Invocation-Type"]);
        Assert.Equal("application/json", call.Headers["Content-Type"]);
        var payload = JsonNode.Parse(call.Body)!.AsObject();
        Assert.Equal(
            ["trace_id", "output", "priority", "rule", "hostname", "time", "source", "output_fields", "context", "tags"], payload.Select(pair => pair.Key));
        Assert.Equal("cart-0", (string?)payload["output_fields"]!["k8s.pod.name"]);
    }

    [Fact]
    public async Task Run_Context_CarriesTheIdempotencyKeyAndTheAttempt()
    {
        await using var rig = await LambdaRig.StartAsync();
        var request = LambdaRig.Request();
        request = request with { Context = request.Context.Add("aws.region", "eu-west-3"), Action = request.Action with { Position = 4 } };

        await rig.RunAsync(request);

        var call = Assert.Single(rig.Server.Invocations);
        var context = JsonNode.Parse(call.Body)!["context"]!;
        Assert.Equal("0123456789abcdef0123456789abcdef-1/4", (string?)context["talon.idempotency_key"]);
        Assert.Equal("2", (string?)context["talon.attempt"]);
        Assert.Equal("eu-west-3", (string?)context["aws.region"]);
        string told = Encoding.UTF8.GetString(Convert.FromBase64String(call.Headers["X-Amz-Client-Context"]));
        Assert.Equal("""{"custom":{"talon.idempotency_key":"0123456789abcdef0123456789abcdef-1/4","talon.attempt":"2"}}""", told);
    }

    [Theory]
    [InlineData("Event", "was handed the event; AWS calls it later")]
    [InlineData("DryRun", "could be called; it was not")]
    public async Task Run_OtherTypes_SucceedByTheirOwnStatusAndCarryNoClientContext(string type, string output)
    {
        await using var rig = await LambdaRig.StartAsync();

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(LambdaRig.Request(type)));

        Assert.EndsWith(output, done.Output, StringComparison.Ordinal);
        Assert.Empty(done.Captured);
        Assert.False(Assert.Single(rig.Server.Invocations).Headers.ContainsKey("X-Amz-Client-Context"));
    }

    [Theory]
    [InlineData("RequestResponse", 202)]
    [InlineData("RequestResponse", 204)]
    [InlineData("Event", 200)]
    [InlineData("DryRun", 200)]
    public async Task Run_StatusOfAnotherType_IsAFailure(string type, int status)
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = http => AwsServer.WriteAsync(http, status, null);

        var failed = await rig.FailAsync(LambdaRig.Request(type));

        Assert.Equal(FailureKind.ServerError, failed.Kind);
        Assert.Contains($"with {status}, where ", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arn:aws:lambda:eu-west-1:123456789012:function:fn_x", "prod", "arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Afn_x", "prod")]
    [InlineData("responder", "3", "responder", "3")]
    [InlineData("responder", "", "responder", "%24LATEST")]
    public async Task Run_NameAndQualifier_AreSignedAsSent(string name, string alias, string path, string qualifier)
    {
        await using var rig = await LambdaRig.StartAsync();

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(LambdaRig.Request(name: name, alias: alias)));

        Assert.Equal([$"/2015-03-31/functions/{path}", $"/2015-03-31/functions/{path}/invocations?Qualifier={qualifier}"], rig.Server.Calls.Select(call => call.Target));
    }

    [Fact]
    public async Task Run_FunctionFails_IsAFailureWithItsText()
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = Failing("""{"errorMessage":"no such\ntenant","errorType":"KeyError"}""");

        var failed = await rig.FailAsync();

        Assert.Equal(FailureKind.CommandFailed, failed.Kind);
        Assert.Equal("""the function responder ($LATEST) failed (Unhandled): {"errorMessage":"no such\ntenant","errorType":"KeyError"}""", failed.Reason);
        Assert.Single(rig.Server.Invocations);
    }

    [Fact]
    public async Task Run_FunctionFailsAtLength_TheTextIsOneLineAndCut()
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = Failing("first\nline " + new string('x', 100_000));

        var failed = await rig.FailAsync();

        Assert.Contains(": first line xxx", failed.Reason, StringComparison.Ordinal);
        Assert.InRange(failed.Reason.Length, 1000, 1200);
        Assert.Equal(100_011, Assert.Single(failed.Captured).Bytes);
        Assert.Equal(64 * 1024, failed.Captured[0].Text.Length);
    }

    [Fact]
    public async Task Run_ResponseWithoutEnd_IsReadUpToALimit()
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = async http =>
        {
            byte[] piece = new byte[16 * 1024];
            Array.Fill(piece, (byte)'a');
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(piece, http.RequestAborted);
            }
        };

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());

        Assert.EndsWith(", the rest was not read", done.Output, StringComparison.Ordinal);
        Assert.Equal(256 * 1024, Assert.Single(done.Captured).Bytes);
    }

    [Fact]
    public async Task Prepare_FunctionIsThere_SaysWhatWouldBeDoneAndCallsNothing()
    {
        await using var rig = await LambdaRig.StartAsync();

        var ready = Assert.IsType<Preparation.Ready>(await rig.Actionner.PrepareAsync(LambdaRig.Request(alias: "live"), ActionnerRig.Scope()));

        Assert.Equal("call the function responder, live, of AWS Lambda as RequestResponse", ready.Intent);
        Assert.Equal("/2015-03-31/functions/responder", Assert.Single(rig.Server.Calls).Target);
    }

    [Fact]
    public async Task Prepare_MayNotReadTheFunction_IsNoReasonToRefuse()
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Find = AwsServer.Error(403, "AccessDeniedException", "not authorized to perform: lambda:GetFunction");

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());
    }

    [Fact]
    public async Task Prepare_NoSuchFunction_EndsWithItsNameAndRegion()
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Find = AwsServer.Error(404, "ResourceNotFoundException", "Function not found: arn:x");

        var failed = await rig.FailAsync();

        Assert.Equal(FailureKind.NotFound, failed.Kind);
        Assert.Equal("cannot find the function responder (lambda:GetFunction) in eu-west-1: 404 ResourceNotFoundException: Function not found: arn:x", failed.Reason);
        Assert.Empty(rig.Server.Invocations);
    }

    [Fact]
    public void DefaultTimeout_IsHalfAMinute()
    {
        var action = LambdaRig.Request().Action;

        Assert.Equal(TimeSpan.FromSeconds(30), new Talon.Actors.Actionners.Functions.Lambda.LambdaActionner(null!).DefaultTimeout(action));
    }

    private static Func<HttpContext, Task> Failing(string text) => http =>
    {
        http.Response.Headers["X-Amz-Function-Error"] = "Unhandled";
        return AwsServer.WriteAsync(http, 200, text);
    };
}
