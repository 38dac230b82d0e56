using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace Talon.KubeApi.Tests;

/// <summary>Short ways to talk to a server under test.</summary>
internal static class Harness
{
    public const string MergePatch = "application/merge-patch+json";

    public static async Task<(int Status, JsonNode? Body)> SendAsync(
        this KubeApiServer server, string method, string path, string? body = null, string contentType = "application/json")
    {
        using var client = new HttpClient { BaseAddress = server.BaseUri, Timeout = TimeSpan.FromSeconds(20) };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType));
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    public static Kubernetes Client(this KubeApiServer server, TimeSpan? timeout = null) => new(new KubernetesClientConfiguration
    {
        Host = server.BaseUri.ToString(),
        HttpClientTimeout = timeout ?? TimeSpan.FromSeconds(20),
    });

    /// <summary>Waits for something that another thread brings about.</summary>
    public static async Task EventuallyAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(10, deadline.Token);
    }
}
