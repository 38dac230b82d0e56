using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using Microsoft.Extensions.Time.Testing;

namespace Talon.KubeApi.Tests;

public sealed class FaultTests
{
    private const string Pod = "/api/v1/namespaces/shop/pods/cart";

    [Theory]
    [InlineData(401, "Unauthorized")]
    [InlineData(403, "Forbidden")]
    [InlineData(409, "Conflict")]
    [InlineData(422, "Invalid")]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task Answer_Status_GivesItsReasonAndNoEffect(int status, string reason)
    {
        await using var server = await StartAsync();
        server.Faults.Add(FaultRule.Answer(status, times: 1, "delete"));
        var (answered, body) = await server.SendAsync("DELETE", Pod);
        Assert.Equal(status, answered);
        Assert.Equal(reason, (string?)body!["reason"]);
        Assert.Equal(status, (int)body["code"]!);
        Assert.Empty(server.Effects.All);
        Assert.Equal(200, (await server.SendAsync("DELETE", Pod)).Status);
        Assert.Equal("Status,", string.Join(',', server.Requests.All.Select(r => r.Fault)));
    }

    [Fact]
    public async Task Answer_429_IsTextWithRetryAfter()
    {
        await using var server = await StartAsync();
        server.Faults.Add(FaultRule.Answer(429) with { RetryAfterSeconds = 7 });
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(server.BaseUri, Pod));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData(FaultKind.ResetBeforeEffect, 0)]
    [InlineData(FaultKind.ResetAfterEffect, 1)]
    public async Task Reset_Delete_CutsTheConnection(FaultKind kind, int effects)
    {
        await using var server = await StartAsync();
        server.Faults.Add(FaultRule.Of(kind, times: 1));
        using var client = server.Client();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.CoreV1.DeleteNamespacedPodAsync("cart", "shop"));
        Assert.Equal(effects, server.Effects.Count);
        Assert.Equal(effects == 1, server.Store.FindPod("shop", "cart")!.IsTerminating);
        Assert.Equal(0, server.Requests.All[0].Status);
    }

    [Fact]
    public async Task StallHeaders_ClientGivesUp_EffectIsThere()
    {
        await using var server = await StartAsync();
        server.Faults.Add(FaultRule.Of(FaultKind.StallHeaders, times: 1));
        using var client = server.Client(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.CoreV1.DeleteNamespacedPodAsync("cart", "shop"));
        Assert.Single(server.Effects.All);
    }

    [Fact]
    public async Task StallBody_UntilTheBound_SendsHeadersFirst()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(time);
        server.Faults.Add(FaultRule.Of(FaultKind.StallBody));
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(server.BaseUri, Pod), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = answer.Content.ReadAsStringAsync();
        Assert.False(body.IsCompleted);
        await Harness.EventuallyAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            return body.IsCompleted;
        });
        Assert.Contains("\"cart\"", await body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProxyAnswers_Html502AndEmpty200_AreNoStatus()
    {
        await using var server = await StartAsync();
        server.Faults.Add(FaultRule.Of(FaultKind.HtmlBody502, times: 1));
        server.Faults.Add(FaultRule.Of(FaultKind.EmptyBody200, times: 1));
        using var client = server.Client();
        var html = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ReadNamespacedPodAsync("cart", "shop"));
        Assert.StartsWith("<html>", html.Response.Content, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JsonException>(() => client.CoreV1.ReadNamespacedPodAsync("cart", "shop"));
        Assert.Equal("cart", (await client.CoreV1.ReadNamespacedPodAsync("cart", "shop")).Metadata.Name);
    }

    [Fact]
    public async Task Rules_LatencyAndStatus_Compose()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(time);
        server.Faults.Add(FaultRule.Delay(TimeSpan.FromHours(1)));
        server.Faults.Add(FaultRule.Delay(TimeSpan.FromHours(1)));
        server.Faults.Add(FaultRule.Answer(503));
        var sending = server.SendAsync("GET", Pod);
        await Harness.EventuallyAsync(() => server.Requests.Count == 1);
        Assert.False(sending.IsCompleted);
        Assert.Equal("Latency+Latency+Status", server.Requests.All[0].Fault);
        await Harness.EventuallyAsync(() =>
        {
            time.Advance(TimeSpan.FromHours(2));
            return sending.IsCompleted;
        });
        Assert.Equal(503, (await sending).Status);
    }

    [Fact]
    public async Task Rules_Conditions_PickTheRequests()
    {
        await using var server = await StartAsync();
        server.Store.AddPod("other", "cart");
        var rule = FaultRule.Answer(500, null, "get") with { Resource = "pods", Namespace = "^shop$", Name = "^ca" };
        server.Faults.Add(rule);
        Assert.Equal(500, (await server.SendAsync("GET", Pod)).Status);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/v1/namespaces/other/pods/cart")).Status);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/v1/namespaces/shop/pods")).Status);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/v1/namespaces/shop")).Status);
        Assert.Equal(200, (await server.SendAsync("DELETE", Pod)).Status);
        Assert.Equal(1, server.Faults.HitsOf(rule));
        server.Faults.Clear();
        Assert.Equal(200, (await server.SendAsync("GET", Pod)).Status);
    }

    [Fact]
    public async Task Rules_Probability_DrawsTheSameForTheSameSeed()
    {
        Assert.Equal(await DrawAsync(), await DrawAsync());

        static async Task<string> DrawAsync()
        {
            await using var server = await StartAsync();
            server.Faults.Add(FaultRule.Answer(500) with { Probability = 0.5 });
            for (var i = 0; i < 20; i++)
                await server.SendAsync("GET", Pod);
            var statuses = server.Requests.All.Select(r => r.Status).ToList();
            Assert.Contains(200, statuses);
            Assert.Contains(500, statuses);
            return string.Join(',', statuses);
        }
    }

    private static async Task<KubeApiServer> StartAsync(TimeProvider? time = null)
    {
        var server = await KubeApiServer.StartAsync(new KubeApiOptions { TimeProvider = time ?? TimeProvider.System });
        server.Store.AddPod("shop", "cart");
        return server;
    }
}
