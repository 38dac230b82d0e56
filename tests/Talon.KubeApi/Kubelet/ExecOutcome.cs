namespace Talon.KubeApi.Kubelet;

/// <summary>How a command ended: with an exit code, or with the reason why it could not be started.</summary>
internal sealed record ExecOutcome(int? ExitCode, string? StartFault = null, ExecEnd End = ExecEnd.Status);
