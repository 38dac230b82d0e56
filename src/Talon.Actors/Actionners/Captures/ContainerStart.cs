using System.Collections.Frozen;
using k8s.Models;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Captures;

/// <summary>Whether a container that Talon added runs, may still start, or never will, by its status.</summary>
/// <param name="Problem">Why it never will; null while it may.</param>
/// <param name="Waiting">What it waits for, for the message when the time is up.</param>
internal sealed record ContainerStart(bool Running, string? Problem, string Waiting)
{
    // The kubelet retries most of these, but none goes away while the event still matters.
    private static readonly FrozenSet<string> Hopeless = new[]
    {
        "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed",
        "CreateContainerError", "CreateContainerConfigError", "RunContainerError", "StartError", "CrashLoopBackOff",
    }.ToFrozenSet(StringComparer.Ordinal);

    public static ContainerStart Never(string problem) => new(false, problem, "");

    /// <param name="why">What it waits for, one clause.</param>
    public static ContainerStart NotYet(string why) => new(false, null, $": {why}");

    /// <summary>Reads a status; null when the kubelet has not written one yet.</summary>
    public static ContainerStart Of(V1ContainerStatus? status) => status?.State switch
    {
        { Running: not null } => new ContainerStart(true, null, ""),
        { Terminated: { } ended } => Never($"it ended at once with exit code {ended.ExitCode}{Words(ended.Reason, ended.Message)}"),
        { Waiting: { Reason: { } reason } waiting } when Hopeless.Contains(reason) => Never($"it cannot start{Words(reason, waiting.Message)}"),
        { Waiting: { } waiting } => new ContainerStart(false, null, Words(waiting.Reason, waiting.Message)),
        _ => NotYet("the kubelet says nothing of it"),
    };

    /// <summary>What the cluster says, as the end of a sentence; empty when it says nothing.</summary>
    public static string Words(string? reason, string? message)
    {
        string text = OneLine.From(string.Join(": ", new[] { reason, message }.Where(part => !string.IsNullOrWhiteSpace(part))));
        return text.Length == 0 ? "" : $": {text}";
    }
}
