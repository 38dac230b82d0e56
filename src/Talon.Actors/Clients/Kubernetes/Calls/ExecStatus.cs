using System.Globalization;
using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes.Calls;

/// <summary>Reads the Status that ends an exec.</summary>
internal static class ExecStatus
{
    /// <summary>How the command ended. Null when the bytes do not tell.</summary>
    public static ExecEnd? Read(ReadOnlySpan<byte> json)
    {
        V1Status? status;
        try
        {
            status = KubernetesJson.Deserialize<V1Status>(Encoding.UTF8.GetString(json));
        }
        catch (Exception e) when (e is JsonException or FormatException or NotSupportedException)
        {
            return null;
        }

        return status switch
        {
            { Status: "Success" } => new ExecEnd.Exited(0),
            { Status: "Failure", Reason: "NonZeroExitCode" } => ExitCode(status),
            { Status: "Failure" } => new ExecEnd.NotStarted(OneLine.From(status.Message)),
            _ => null,
        };
    }

    private static ExecEnd.Exited? ExitCode(V1Status status) =>
        int.TryParse(
            status.Details?.Causes?.FirstOrDefault(cause => cause.Reason == "ExitCode")?.Message,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out int code) ? new ExecEnd.Exited(code) : null;
}
