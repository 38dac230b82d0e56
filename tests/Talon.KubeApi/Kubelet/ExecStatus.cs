using System.Text.Json.Nodes;
using Talon.KubeApi.Json;

namespace Talon.KubeApi.Kubelet;

/// <summary>The status frame at the end of an exec. Its words are not the same in v4 and v5.</summary>
internal static class ExecStatus
{
    public const string V5 = "v5.channel.k8s.io";
    public const string V4 = "v4.channel.k8s.io";

    /// <summary>The subprotocol of before v4: no status frame.</summary>
    public const string Oldest = "channel.k8s.io";

    public static byte[] Of(ExecCall call, ExecOutcome outcome, string execId)
    {
        if (outcome.StartFault is { } fault)
            return NotStarted(call, fault, execId).Utf8();
        return outcome.ExitCode == 0 ? new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" }.Utf8() : NonZero(call, outcome.ExitCode ?? 255).Utf8();
    }

    private static JsonObject NonZero(ExecCall call, int code)
    {
        var why = call.Protocol == V5
            ? $"command terminated with exit code {code}"
            : $"error executing command [{string.Join(' ', call.Argv)}], exit code {code}";
        return new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"command terminated with non-zero exit code: {why}",
            ["reason"] = "NonZeroExitCode",
            ["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = $"{code}" }) },
        };
    }

    private static JsonObject NotStarted(ExecCall call, string fault, string execId)
    {
        var cause = $"{(call.Protocol == V5 ? "Internal error occurred: " : "")}error executing command in container: failed to exec in container: "
            + $"failed to start exec \"{execId}\": OCI runtime exec failed: exec failed: {fault}";
        return new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"Internal error occurred: {cause}",
            ["reason"] = "InternalError",
            ["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = cause }) },
            ["code"] = 500,
        };
    }
}
