using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Talon.Actors.Actionners.Functions.Lambda;
using Talon.Actors.Clients.Aws;
using Talon.Actors.Plugins;
using Talon.CloudApi.Aws;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Functions.Lambda;

public sealed class LambdaFaultTests
{
    [Theory]
    [InlineData(400, "InvalidRequestContentException", FailureKind.Rejected)]
    [InlineData(401, "", FailureKind.Unauthorized)]
    [InlineData(403, "AccessDeniedException", FailureKind.Forbidden)]
    [InlineData(403, "UnrecognizedClientException", FailureKind.Unauthorized)]
    [InlineData(404, "ResourceNotFoundException", FailureKind.NotFound)]
    [InlineData(413, "RequestTooLargeException", FailureKind.Rejected)]
    [InlineData(429, "TooManyRequestsException", FailureKind.Throttled)]
    [InlineData(500, "ServiceException", FailureKind.ServerError)]
    [InlineData(502, "EC2ThrottledException", FailureKind.ServerError)]
    public async Task Run_Refused_IsToldByItsKindAndNotRepeated(int status, string code, FailureKind kind)
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = AwsServer.Error(status, code, "so it is");

        var failed = await rig.FailAsync();

        Assert.Equal(kind, failed.Kind);
        Assert.StartsWith($"cannot call the function responder in eu-west-1: {status}", failed.Reason, StringComparison.Ordinal);
        Assert.Single(rig.Server.Invocations);
    }

    [Fact]
    public async Task Run_RetryAfter_IsHandedOn()
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = AwsServer.Error(503, "ServiceUnavailableException", "later", retryAfter: "17");
        var scope = ActionnerRig.Scope();

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.RunAsync(scope: scope));

        Assert.Equal((FailureKind.ServerError, TimeSpan.FromSeconds(17)), (failed.Kind, failed.RetryAfter));
        Assert.False(scope.Reached);
    }

    [Fact]
    public async Task Run_WrongSecret_IsNotAcceptedAndQuotesNothing()
    {
        await using var rig = await LambdaRig.StartAsync(AwsServer.Keys with { SecretKey = "canary-wrong" });

        Assert.Equal("cannot find the function responder (lambda:GetFunction) in eu-west-1: 403 InvalidSignatureException", (await rig.FailAsync()).Reason);
    }

    [Fact]
    public async Task Run_SessionTokenOfARole_IsSentAndShownNowhere()
    {
        await using var rig = await LambdaRig.StartAsync(AwsServer.Keys with { RoleArn = "arn:aws:iam::123456789012:role/r" });

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());
        Assert.Equal(AwsServer.RoleToken, Assert.Single(rig.Server.Invocations).Headers["X-Amz-Security-Token"]);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Run_Redirect_IsNotFollowed(int status)
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = http =>
        {
            http.Response.Headers.Location = "/2015-03-31/functions/other/invocations";
            return AwsServer.WriteAsync(http, status, null);
        };

        Assert.Equal(FailureKind.Rejected, (await rig.FailAsync()).Kind);
        Assert.Single(rig.Server.Invocations);
    }

    [Fact]
    public async Task Run_ActsAndCutsTheLine_IsLostAndSeenOnce()
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = LambdaRig.CutAsync;

        Assert.Equal(FailureKind.ConnectionLost, (await rig.FailAsync()).Kind);
        Assert.Single(rig.Server.Invocations);
    }

    [Fact]
    public async Task Run_CutWithinTheResponse_IsLostAndSeenOnce()
    {
        await using var rig = await LambdaRig.StartAsync();
        rig.Server.Invoke = async http =>
        {
            http.Response.ContentLength = 100;
            await http.Response.WriteAsync("half");
            await http.Response.Body.FlushAsync();
            http.Abort();
        };

        Assert.Equal(FailureKind.ConnectionLost, (await rig.FailAsync()).Kind);
        Assert.Single(rig.Server.Invocations);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_SlowPastTheDeadline_TimesOutAndIsSeenOnce(bool headersFirst)
    {
        await using var rig = await LambdaRig.StartAsync();
        var reached = new TaskCompletionSource();
        rig.Server.Invoke = async http =>
        {
            if (headersFirst)
            {
                await http.Response.WriteAsync("some");
                await http.Response.Body.FlushAsync();
            }

            reached.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        using var stop = new CancellationTokenSource();
        var scope = ActionnerRig.Scope(token: stop.Token);

        var running = rig.RunAsync(scope: scope);
        await reached.Task;
        await stop.CancelAsync();

        Assert.Equal(FailureKind.Timeout, Assert.IsType<ActionOutcome.Failed>(await running).Kind);
        Assert.Single(rig.Server.Invocations);

        // A slow function says nothing of AWS.
        Assert.True(scope.Reached);
    }

    [Fact]
    public async Task Run_NobodyListens_IsUnreachable()
    {
        var failed = await RunAgainstAsync($"http://127.0.0.1:{FreePorts.Take(1)[0]}");

        Assert.Equal(FailureKind.Unreachable, failed.Kind);
        Assert.StartsWith("cannot find the function responder (lambda:GetFunction): no connection: ", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NameThatDoesNotResolve_IsUnreachable() =>
        Assert.Equal(FailureKind.Unreachable, (await RunAgainstAsync("http://lambda.invalid")).Kind);

    [Fact]
    public async Task Run_NoTls_IsUnreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answer = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        });

        Assert.Equal(FailureKind.Unreachable, (await RunAgainstAsync($"https://{listener.LocalEndpoint}")).Kind);
        await answer;
    }

    [Fact]
    public async Task Run_DeadlinePassedAfterThePreparation_SendsNothing()
    {
        await using var rig = await LambdaRig.StartAsync();
        bool up = true;
        var scope = ActionnerRig.Scope(up: () => up);
        var ready = Assert.IsType<Preparation.Ready>(await rig.Actionner.PrepareAsync(LambdaRig.Request(), scope));
        up = false;

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.Actionner.RunAsync(LambdaRig.Request(), ready, scope));

        Assert.Equal((FailureKind.NotSent, "did not call the function responder: this node is no longer Up in its cluster"), (failed.Kind, failed.Reason));
        Assert.Empty(rig.Server.Invocations);
    }

    private static async Task<ActionOutcome.Failed> RunAgainstAsync(string address)
    {
        using var connection = new AwsConnection(AwsServer.Keys, name => name == "AWS_ENDPOINT_URL_LAMBDA" ? address : null, TimeProvider.System);
        var scope = ActionnerRig.Scope();
        var preparation = await new LambdaActionner(new LambdaClient(connection)).PrepareAsync(LambdaRig.Request(), scope);
        Assert.False(scope.Reached);
        return Assert.IsType<ActionOutcome.Failed>(Assert.IsType<Preparation.Done>(preparation).Outcome);
    }
}
