using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Clients.Gcp;
using Talon.Actors.Plugins;
using Talon.CloudApi.Google;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Actionners.Functions.GcpFunction;

public sealed class FunctionActionnerTests
{
    private static readonly string[] Keys =
        ["trace_id", "output", "priority", "rule", "hostname", "time", "source", "output_fields", "context", "tags"];

    [Fact]
    public async Task Run_Function_IsCalledOnceWithTheEventAndAnIdToken()
    {
        await using var rig = await FunctionRig.StartAsync();
        var request = FunctionRig.Request(attempt: 3) with { Context = FunctionRig.Request().Context.Add("node.hostname", "node-1") };

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync(request));

        var call = Assert.Single(rig.Google.Functions.Calls);
        Assert.Equal("application/json", call.ContentType);
        Assert.Equal(("0123456789abcdef0123456789abcdef-1/0", "3"), (call.IdempotencyKey, call.Attempt));
        Assert.Equal(Keys, call.Body.EnumerateObject().Select(property => property.Name));
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", call.Body.GetProperty("trace_id").GetString());
        Assert.Equal("shop", call.Body.GetProperty("output_fields").GetProperty("k8s.ns.name").GetString());
        Assert.Equal(
            "{\"node.hostname\":\"node-1\",\"talon.attempt\":\"3\",\"talon.idempotency_key\":\"0123456789abcdef0123456789abcdef-1/0\"}",
            JsonSerializer.Serialize(call.Body.GetProperty("context")));
        Assert.Equal(
            [("function_response_status", "200"), ("location", "us-central1"), ("name", "answer")], done.Objects.Select(pair => (pair.Key, pair.Value)));
        var captured = Assert.Single(done.Captured);
        Assert.Equal(("function_response", """{"done":true}""", 13L, false), (captured.Name, captured.Text, captured.Bytes, captured.Inline));
        Assert.DoesNotContain("done", done.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(201, "made")]
    [InlineData(202, "queued")]
    [InlineData(204, "")]
    [InlineData(299, "odd")]
    public async Task Run_AnyAnswerOf2xx_IsSuccess(int status, string answer)
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Functions.Status = status;
        rig.Google.Functions.Answer = answer;

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());

        Assert.Equal($"{status}", done.Objects["function_response_status"]);
        Assert.Equal(answer, string.Concat(done.Captured.Select(captured => captured.Text)));
    }

    [Theory]
    [InlineData(301, FailureKind.Rejected)]
    [InlineData(307, FailureKind.Rejected)]
    [InlineData(400, FailureKind.Rejected)]
    [InlineData(401, FailureKind.Unauthorized)]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(404, FailureKind.NotFound)]
    [InlineData(412, FailureKind.Rejected)]
    [InlineData(500, FailureKind.ServerError)]
    [InlineData(503, FailureKind.ServerError)]
    public async Task Run_OtherAnswers_AreFailuresThatAreNotRepeated(int status, FailureKind kind)
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Call, GoogleFaultKind.Status)
        {
            Status = status,
            Body = "first line\nsecond " + new string('x', 1000),
            Location = rig.Google.Functions.UrlOf("other"),
            RetryAfter = "1",
            Times = 9,
        });

        var failed = await rig.FailAsync();

        Assert.Equal(kind, failed.Kind);
        Assert.StartsWith($"cannot call the function answer in us-central1: the answer is {status}: first line second xxx", failed.Reason, StringComparison.Ordinal);
        Assert.InRange(failed.Reason.Length, 100, 400);
        Assert.Equal($"{status}", failed.Objects["function_response_status"]);
        Assert.Equal(1, Posts(rig));
        Assert.Null(FunctionRig.Decide(failed).RetryIn);
    }

    [Fact]
    public async Task Run_TooManyRequests_IsTriedAgainWhenTheServerSaysSo()
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Call, GoogleFaultKind.Status) { Status = 429, RetryAfter = "17" });

        var failed = await rig.FailAsync();

        Assert.Equal((FailureKind.Throttled, TimeSpan.FromSeconds(17)), (failed.Kind, failed.RetryAfter));
        Assert.Equal(TimeSpan.FromSeconds(17), FunctionRig.Decide(failed).RetryIn);
        Assert.Equal(1, Posts(rig));
        Assert.Empty(rig.Google.Functions.Calls);
    }

    [Theory]
    [InlineData(GoogleFaultKind.CutAfter)]
    [InlineData(GoogleFaultKind.CutBody)]
    public async Task Run_LineCutAfterItActed_SeesOneCallAndIsUnknown(GoogleFaultKind kind)
    {
        await using var rig = await FunctionRig.StartAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());

        // The second call goes over a connection that is open already, which a transport is tempted to repeat it on.
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Call, kind));
        var failed = await rig.FailAsync();

        Assert.Equal(FailureKind.ConnectionLost, failed.Kind);
        Assert.Equal(2, rig.Google.Functions.Calls.Count);
        Assert.Equal(2, Posts(rig));
        var (retryIn, final) = FunctionRig.Decide(failed);
        Assert.Null(retryIn);
        Assert.Equal(FailureKind.Unknown, Assert.IsType<ActionOutcome.Failed>(final).Kind);
    }

    [Theory]
    [InlineData(GoogleFaultKind.Stall)]
    [InlineData(GoogleFaultKind.StallBody)]
    public async Task Run_SlowFunction_EndsWithItsTimeoutAndIsUnknown(GoogleFaultKind kind)
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Call, kind));

        var failed = await rig.FailAsync(FunctionRig.Request(timeout: 1));

        Assert.Equal((FailureKind.Timeout, "cannot call the function answer in us-central1: no answer within 1 s"), (failed.Kind, failed.Reason));
        Assert.Equal(FailureKind.Unknown, Assert.IsType<ActionOutcome.Failed>(FunctionRig.Decide(failed).Final).Kind);
        Assert.Equal(1, Posts(rig));
    }

    [Fact]
    public async Task Run_AnswerThatNeverEnds_IsReadUpToABound()
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Call, GoogleFaultKind.Endless));

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());

        var captured = Assert.Single(done.Captured);
        Assert.Equal((1L << 20, 64 * 1024), (captured.Bytes, captured.Text.Length));
    }

    [Fact]
    public async Task Run_FunctionThatShowsItsHeaders_ShowsNoToken()
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Functions.EchoesHeaders = true;

        var done = Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());
        rig.Google.Functions.Status = 400;
        var failed = await rig.FailAsync();

        Assert.Equal("""{"done":true} Bearer [token]""", Assert.Single(done.Captured).Text);
        Assert.All(rig.Google.Secrets, secret => Assert.DoesNotContain(secret, $"{done} {done.Captured[0]} {failed}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(500, FailureKind.NotSent)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(403, FailureKind.Forbidden)]
    public async Task Run_NoIdToken_IsProvablyNotSent(int status, FailureKind kind)
    {
        await using var rig = await FunctionRig.StartAsync();

        // The first token is for the look-up.
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Token, GoogleFaultKind.Status) { Status = status, After = 1, Times = 9 });

        Assert.Equal(kind, (await rig.FailAsync()).Kind);

        Assert.Equal(0, Posts(rig));
    }

    [Theory]
    [InlineData(401, FailureKind.Unauthorized)]
    [InlineData(403, FailureKind.Forbidden)]
    [InlineData(404, FailureKind.NotFound)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(500, FailureKind.ServerError)]
    [InlineData(503, FailureKind.ServerError)]
    [InlineData(302, FailureKind.Rejected)]
    public async Task Prepare_LookUpRefused_EndsBeforeTheCall(int status, FailureKind kind)
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.LookUp, GoogleFaultKind.Status) { Status = status, RetryAfter = "7", Location = rig.Google.Url });

        var failed = await rig.FailAsync();

        Assert.Equal((kind, TimeSpan.FromSeconds(7)), (failed.Kind, failed.RetryAfter));
        Assert.Equal($"cannot look up the function answer in us-central1: the answer is {status}: said by the stand-in", failed.Reason);
        Assert.Equal(0, Posts(rig));
    }

    [Theory]
    [InlineData(GoogleFaultKind.CutBefore, FailureKind.ConnectionLost)]
    [InlineData(GoogleFaultKind.Stall, FailureKind.Timeout)]
    public async Task Prepare_LookUpLost_IsAFailureThatSaysSo(GoogleFaultKind fault, FailureKind kind)
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.LookUp, fault) { Times = 9 });
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        Assert.Equal(kind, (await rig.FailAsync(scope: ActionnerRig.Scope(token: stop.Token))).Kind);

        Assert.Equal(0, Posts(rig));
    }

    [Theory]
    [InlineData(500, FailureKind.NotSent)]
    [InlineData(429, FailureKind.Throttled)]
    [InlineData(404, FailureKind.NotFound)]
    public async Task Run_LookUpThatFailsOnlyThen_IsProvablyNotSent(int status, FailureKind kind)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var rig = await FunctionRig.StartAsync(clock: clock);
        var ready = Assert.IsType<Preparation.Ready>(await rig.Actionner.PrepareAsync(FunctionRig.Request(), ActionnerRig.Scope()));
        clock.Advance(TimeSpan.FromMinutes(6));
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.LookUp, GoogleFaultKind.Status) { Status = status });

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.Actionner.RunAsync(FunctionRig.Request(), ready, ActionnerRig.Scope()));

        Assert.Equal(kind, failed.Kind);
        Assert.Equal(0, Posts(rig));
    }

    [Fact]
    public async Task Prepare_DryRun_LooksUpAndCallsNothing()
    {
        await using var rig = await FunctionRig.StartAsync();

        var ready = Assert.IsType<Preparation.Ready>(await rig.Actionner.PrepareAsync(FunctionRig.Request(), ActionnerRig.Scope()));

        Assert.Equal("call the function answer in us-central1 of the project shop-1", ready.Intent);
        Assert.Equal(["POST /token", "GET /v2/projects/shop-1/locations/us-central1/functions/answer"], rig.Google.Requests);
    }

    [Theory]
    [InlineData("", "it has no URL")]
    [InlineData("http://functions.example/f", "it has no URL")]
    [InlineData("https://user:pass@functions.example/f", "it has no URL")]
    [InlineData("ftp://example.com/fn", "it has no URL")]
    public async Task Prepare_AddressThatIsNoSafeOne_IsAFailure(string url, string reason)
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Functions.OtherUrl = url;

        var failed = await rig.FailAsync();

        Assert.Equal(FailureKind.Rejected, failed.Kind);
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
        Assert.Equal(0, Posts(rig));
    }

    [Fact]
    public async Task Run_FirstGeneration_IsCalledAtItsUrl()
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Functions.IsFirstGeneration = true;

        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());
    }

    [Fact]
    public async Task Prepare_Address_IsKnownForFiveMinutes()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var rig = await FunctionRig.StartAsync(clock: clock);

        await rig.RunAsync();
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await rig.RunAsync();
        Assert.Equal(1, LookUps(rig));
        clock.Advance(TimeSpan.FromSeconds(2));
        await rig.RunAsync();

        Assert.Equal(2, LookUps(rig));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task Run_FunctionThatIsNotThere_IsLookedUpAnew(int status)
    {
        await using var rig = await FunctionRig.StartAsync();
        rig.Google.Faults.Add(new GoogleFault(GoogleStep.Call, GoogleFaultKind.Status) { Status = status });

        await rig.FailAsync();
        Assert.IsType<ActionOutcome.Succeeded>(await rig.RunAsync());

        Assert.Equal(2, LookUps(rig));
    }

    [Theory]
    [InlineData("europe-west1", null, "europe-west1")]
    [InlineData("europe-west1", "", "europe-west1")]
    [InlineData("europe-west1", "us-central1", "us-central1")]
    public async Task Prepare_Region_IsThatOfTheActionOrTheConfiguration(string configured, string? given, string expected)
    {
        await using var rig = await FunctionRig.StartAsync(google => new GcpOptions { Credentials = google.AccountJson, Region = configured });

        await rig.RunAsync(FunctionRig.Request(location: given));

        Assert.Contains($"GET /v2/projects/shop-1/locations/{expected}/functions/answer", rig.Google.Requests);
    }

    [Fact]
    public async Task Prepare_NoRegionAtAll_NamesBothPlaces()
    {
        await using var rig = await FunctionRig.StartAsync();

        var failed = await rig.FailAsync(FunctionRig.Request(location: null));

        Assert.Equal(
            (FailureKind.Invalid, "no region is known: set gcp_function_location in the action, or gcp.region in the configuration"), (failed.Kind, failed.Reason));
        Assert.Empty(rig.Google.Requests);
    }

    [Fact]
    public async Task Run_NodeThatIsNotUp_SendsNothing()
    {
        await using var rig = await FunctionRig.StartAsync();
        var ready = Assert.IsType<Preparation.Ready>(await rig.Actionner.PrepareAsync(FunctionRig.Request(), ActionnerRig.Scope()));

        var failed = Assert.IsType<ActionOutcome.Failed>(await rig.Actionner.RunAsync(FunctionRig.Request(), ready, ActionnerRig.Scope(up: () => false)));

        Assert.Equal(FailureKind.NotSent, failed.Kind);
        Assert.Equal(0, Posts(rig));
    }

    [Theory]
    [InlineData(null, 60)]
    [InlineData(0, 60)]
    [InlineData(10, 40)]
    [InlineData(3600, 3630)]
    public async Task DefaultTimeout_IsThatOfTheFunctionAndTheLookUp(int? timeout, int seconds)
    {
        await using var rig = await FunctionRig.StartAsync();

        Assert.Equal(TimeSpan.FromSeconds(seconds), rig.Actionner.DefaultTimeout(FunctionRig.Request(timeout: timeout).Action));
    }

    private static int Posts(FunctionRig rig) => rig.Google.Requests.Count(request => request.StartsWith("POST /run/", StringComparison.Ordinal));

    private static int LookUps(FunctionRig rig) => rig.Google.Requests.Count(request => request.StartsWith("GET /v2/", StringComparison.Ordinal));
}
