using System.Text.Json.Nodes;

namespace Talon.KubeApi.Kubelet;

/// <summary>The states of a container whose image cannot be had.</summary>
internal static class PullState
{
    public static JsonObject Of(string reason, string message) =>
        new() { ["waiting"] = new JsonObject { ["reason"] = reason, ["message"] = message } };

    public static JsonObject Failed(string image) => Of("ErrImagePull", Why(image));

    public static JsonObject BackOff(string image) => Of("ImagePullBackOff", $"Back-off pulling image \"{image}\": ErrImagePull: {Why(image)}");

    private static string Why(string image) =>
        $"failed to pull and unpack image \"{image}\": failed to resolve image: failed to do request: dial tcp 127.0.0.1:9: connect: connection refused";
}
