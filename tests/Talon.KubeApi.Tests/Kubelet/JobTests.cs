using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Talon.KubeApi.Tests.Kubelet;

public sealed class JobTests
{
    private const string Jobs = "/apis/batch/v1/namespaces/shop/jobs";

    [Fact]
    public async Task Post_PrivilegedOnANode_GetsItsLabelsAndAPodThere()
    {
        await using var server = await StartAsync(new FakeTimeProvider(Start));
        server.Store.AddNode("node2");
        var (status, job) = await server.SendAsync("POST", Jobs, Job("sysdig", "[\"sleep\",\"60\"]", pod: "\"nodeName\":\"node2\",\"hostPID\":true,"));
        Assert.Equal(201, status);
        var uid = (string)job!["metadata"]!["uid"]!;
        Assert.Equal(uid, (string?)job["metadata"]!["labels"]!["batch.kubernetes.io/controller-uid"]);
        Assert.Equal("sysdig", (string?)job["spec"]!["template"]!["metadata"]!["labels"]!["job-name"]);
        Assert.Equal(uid, (string?)job["spec"]!["selector"]!["matchLabels"]!["batch.kubernetes.io/controller-uid"]);
        Assert.Empty(job["status"]!.AsObject());
        Advance(server, 0.3);
        var pod = Assert.Single(server.Store.List("pods", "shop")).ToJson();
        Assert.Equal("node2", (string?)pod["spec"]!["nodeName"]);
        Assert.Equal("batch.kubernetes.io/job-tracking", (string?)pod["metadata"]!["finalizers"]![0]);
        Assert.Equal("sysdig", (string?)pod["metadata"]!["labels"]!["batch.kubernetes.io/job-name"]);
        Assert.Equal(uid, (string?)pod["metadata"]!["ownerReferences"]![0]!["uid"]);
        Assert.Equal((1, 1), ((int)StatusOf(server, "sysdig")["active"]!, (int)StatusOf(server, "sysdig")["ready"]!));
    }

    [Fact]
    public async Task Lifetime_Succeeds_IsCompleteThenGoneAfterItsTtl()
    {
        await using var server = await StartAsync(new FakeTimeProvider(Start));
        await server.SendAsync("POST", Jobs, Job("ok", "[\"sh\",\"-c\",\"sleep 1; echo ok\"]", "\"ttlSecondsAfterFinished\":3,"));
        Advance(server, 1.6);
        Assert.Equal(["SuccessCriteriaMet", "Complete"], Conditions(server, "ok"));
        Assert.Equal(1, (int)StatusOf(server, "ok")["succeeded"]!);
        Assert.NotNull(StatusOf(server, "ok")["completionTime"]);
        Assert.Equal("Succeeded", (string?)Assert.Single(server.Store.List("pods", "shop")).ToJson()["status"]!["phase"]);
        Advance(server, 5);
        Assert.Null(server.Store.Find("jobs", "shop", "ok"));
        Assert.Empty(server.Store.List("pods", "shop"));
    }

    [Fact]
    public async Task Lifetime_FailsWithoutRetries_IsFailed()
    {
        await using var server = await StartAsync(new FakeTimeProvider(Start));
        await server.SendAsync("POST", Jobs, Job("fail", "[\"sh\",\"-c\",\"exit 4\"]", "\"backoffLimit\":0,"));
        Advance(server, 1);
        Assert.Equal(["FailureTarget", "Failed"], Conditions(server, "fail"));
        Assert.Equal("BackoffLimitExceeded", (string?)StatusOf(server, "fail")["conditions"]![0]!["reason"]);
        var pod = Assert.Single(server.Store.List("pods", "shop")).ToJson();
        Assert.Equal(4, (int)pod["status"]!["containerStatuses"]![0]!["state"]!["terminated"]!["exitCode"]!);
        Assert.Null(pod["metadata"]!["finalizers"]);
    }

    [Fact]
    public async Task Lifetime_FailsWithOneRetry_GetsASecondPod()
    {
        await using var server = await StartAsync(new FakeTimeProvider(Start));
        await server.SendAsync("POST", Jobs, Job("fail", "[\"false\"]", "\"backoffLimit\":1,"));
        Advance(server, 1);
        Assert.Empty(Conditions(server, "fail"));
        Advance(server, 12);
        Assert.Equal(2, server.Store.List("pods", "shop").Count);
        Assert.Equal(["FailureTarget", "Failed"], Conditions(server, "fail"));
    }

    [Fact]
    public async Task Lifetime_PastItsDeadline_LosesItsPodAndIsFailed()
    {
        await using var server = await StartAsync(new FakeTimeProvider(Start));
        await server.SendAsync("POST", Jobs, Job("late", "[\"sleep\",\"60\"]", "\"activeDeadlineSeconds\":2,"));
        Advance(server, 1);
        Assert.Empty(Conditions(server, "late"));
        Advance(server, 8);
        Assert.Equal(["FailureTarget", "Failed"], Conditions(server, "late"));
        Assert.Equal("DeadlineExceeded", (string?)StatusOf(server, "late")["conditions"]![1]!["reason"]);
        Assert.Empty(server.Store.List("pods", "shop"));
    }

    [Fact]
    public async Task Lifetime_ImageCannotBePulled_WaitsForEver()
    {
        await using var server = await StartAsync(new FakeTimeProvider(Start));
        server.Kubelets.SetUnpullable("busybox:1.36");
        await server.SendAsync("POST", Jobs, Job("pull", "[\"true\"]"));
        Advance(server, 20);
        Assert.Equal((1, 0), ((int)StatusOf(server, "pull")["active"]!, (int)StatusOf(server, "pull")["ready"]!));
        var pod = Assert.Single(server.Store.List("pods", "shop")).ToJson();
        Assert.Equal("Pending", (string?)pod["status"]!["phase"]);
        Assert.Equal("ImagePullBackOff", (string?)pod["status"]!["containerStatuses"]![0]!["state"]!["waiting"]!["reason"]);
    }

    [Fact]
    public async Task Delete_Background_RemovesThePods()
    {
        await using var server = await StartAsync(new FakeTimeProvider(Start));
        await server.SendAsync("POST", Jobs, Job("run", "[\"sleep\",\"600\"]"));
        Advance(server, 1);
        Assert.Single(server.Store.List("pods", "shop"));
        Assert.Equal("Success", (string?)(await server.SendAsync("DELETE", $"{Jobs}/run?propagationPolicy=Background")).Body!["status"]);
        Assert.Null(server.Store.Find("jobs", "shop", "run"));
        Advance(server, 5);
        Assert.Empty(server.Store.List("pods", "shop"));
    }

    [Fact]
    public async Task Delete_PodThatNeverStarted_EndsWithTimesThatCanBeRead()
    {
        await using var server = await StartAsync(new FakeTimeProvider(Start));
        server.Kubelets.SetUnpullable("busybox:1.36");
        await server.SendAsync("POST", Jobs, Job("pull", "[\"true\"]"));
        Advance(server, 1);
        var name = Assert.Single(server.Store.List("pods", "shop")).Name;
        await server.SendAsync("DELETE", $"{Jobs}/pull?propagationPolicy=Background");
        for (var i = 0; i < 400 && server.Store.FindPod("shop", name)?.ToJson()["status"]!["phase"]?.GetValue<string>() != "Failed"; i++)
            Advance(server, 0.1);
        var ended = server.Store.FindPod("shop", name)!.ToJson()["status"]!["containerStatuses"]![0]!["state"]!["terminated"]!;
        Assert.True(DateTimeOffset.TryParse((string?)ended["startedAt"], System.Globalization.CultureInfo.InvariantCulture, out _), ended.ToJsonString());
    }

    [Fact]
    public async Task Delete_NoPolicy_WarnsAndLeavesThePods()
    {
        await using var server = await StartAsync(new FakeTimeProvider(Start));
        await server.SendAsync("POST", Jobs, Job("run", "[\"sleep\",\"600\"]"));
        Advance(server, 1);
        using var client = new HttpClient();
        using var answer = await client.DeleteAsync(new Uri(server.BaseUri, $"{Jobs}/run"));
        Assert.StartsWith("299 - \"child pods are preserved by default", Assert.Single(answer.Headers.GetValues("Warning")), StringComparison.Ordinal);
        Advance(server, 5);
        Assert.Null(server.Store.Find("jobs", "shop", "run"));
        Assert.Empty(Assert.Single(server.Store.List("pods", "shop")).ToJson()["metadata"]!["ownerReferences"]?.AsArray() ?? []);
    }

    [Fact]
    public async Task Exec_IntoThePodOfAJob_Works()
    {
        await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { GraceTimeScale = 0.01 });
        server.Store.AddNamespace("shop");
        await server.SendAsync("POST", Jobs, Job("run", "[\"sleep\",\"6000\"]"));
        await Harness.EventuallyAsync(() => server.Store.List("pods", "shop").Any(p => (string?)p.ToJson()["status"]!["phase"] == "Running"));
        using var client = await ExecClient.RunAsync(server, server.Store.List("pods", "shop")[0].Name, ["echo", "x"]);
        Assert.Equal("x\n", client.StdoutText);
    }

    [Theory]
    [InlineData("\"backoffLimit\":-1,", "Never", "spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("", "Always", "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"")]
    public async Task Post_WrongSpec_IsRefusedInTheWordsOfTheServer(string spec, string policy, string why)
    {
        await using var server = await StartAsync(new FakeTimeProvider(Start));
        var (status, body) = await server.SendAsync("POST", Jobs, Job("bad", "[\"true\"]", spec, policy: policy));
        Assert.Equal((422, $"Job.batch \"bad\" is invalid: {why}"), (status, (string?)body!["message"]));
    }

    private static DateTimeOffset Start => DateTimeOffset.UnixEpoch.AddYears(50);

    private FakeTimeProvider _time = new();

    private async Task<KubeApiServer> StartAsync(FakeTimeProvider time)
    {
        _time = time;
        var server = await KubeApiServer.StartAsync(new KubeApiOptions { TimeProvider = time });
        server.Store.AddNamespace("shop");
        return server;
    }

    private void Advance(KubeApiServer server, double seconds)
    {
        Assert.NotNull(server.Store);
        for (var i = 0; i < seconds * 20; i++)
            _time.Advance(TimeSpan.FromSeconds(0.05));
    }

    private static JsonNode StatusOf(KubeApiServer server, string job) => server.Store.Find("jobs", "shop", job)!.ToJson()["status"]!;

    private static IEnumerable<string> Conditions(KubeApiServer server, string job) =>
        (StatusOf(server, job)["conditions"] as JsonArray ?? []).Select(c => (string)c!["type"]!);

    private static string Job(string name, string command, string spec = "", string pod = "", string policy = "Never") =>
        "{\"apiVersion\":\"batch/v1\",\"kind\":\"Job\",\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{" + spec + "\"template\":{\"spec\":{" + pod
        + "\"restartPolicy\":\"" + policy + "\",\"terminationGracePeriodSeconds\":1,"
        + "\"containers\":[{\"name\":\"c\",\"image\":\"busybox:1.36\",\"command\":" + command + "}]}}}}";
}
