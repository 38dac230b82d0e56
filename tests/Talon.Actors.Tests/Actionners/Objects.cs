using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Talon.Actors.Tests.Actionners;

/// <summary>Puts objects into the stand-in the way any client does, and forgets those requests.</summary>
internal static class Objects
{
    private static readonly HttpClient Http = new();

    /// <summary>Creates an object; <paramref name="path"/> is that of its collection, without the leading slash.</summary>
    public static async Task<JsonObject> CreateAsync(ActionnerRig rig, string path, string json)
    {
        rig.Server.Store.AddNamespace("shop");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(rig.Server.BaseUri, path))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ActionnerRig.Token);
        using var response = await Http.SendAsync(request);
        string answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        rig.Server.Requests.Clear();
        rig.Server.Effects.Clear();
        return JsonNode.Parse(answer)!.AsObject();
    }

    /// <summary>A workload of group apps in the namespace shop, whose pods the stand-in makes.</summary>
    /// <param name="rig">The rig.</param>
    /// <param name="kind">Deployment, StatefulSet, DaemonSet or ReplicaSet.</param>
    /// <param name="name">Its name.</param>
    /// <param name="labels">The labels of its pods, as JSON.</param>
    /// <param name="selector">Its selector, as JSON; null for exactly the labels.</param>
    /// <param name="replicas">How many pods it wants; a DaemonSet wants one on each node.</param>
    public static Task<JsonObject> CreateWorkloadAsync(
        ActionnerRig rig, string kind, string name, string labels = """{"app":"cart"}""", string? selector = null, int replicas = 1) => CreateAsync(
            rig,
            $"apis/apps/v1/namespaces/shop/{kind.ToLowerInvariant()}s",
            $$$"""
            {"apiVersion":"apps/v1","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}"},"spec":{
              {{{(kind == "DaemonSet" ? "" : $"\"replicas\":{replicas},")}}}
              "selector":{{{selector ?? "{\"matchLabels\":" + labels + "}"}}},
              "template": { "metadata": { "labels": {{{labels}}} }, "spec": { "containers": [ { "name": "app", "image": "busybox:1.36" } ] } } } }
            """);

    /// <summary>The one pod of the namespace shop.</summary>
    public static string Pod(ActionnerRig rig) => Assert.Single(rig.Server.Store.List("pods", "shop")).Name;

    /// <summary>An object of the namespace shop as it is now.</summary>
    public static JsonObject Read(ActionnerRig rig, string resource, string name) => rig.Server.Store.Find(resource, "shop", name)!.ToJson();
}
