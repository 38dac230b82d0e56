using Talon.Actors.Clients.Calls;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// Runs commands in containers. The API takes no uid here: the caller reads the pod right before. Ending the attempt does not end
/// the command in the container; what must end has to carry a limit of its own.
/// </summary>
public interface IPodExec
{
    /// <summary>
    /// Runs a command to its end. Errors: <see cref="Rules.Outcomes.FailureKind.NotSent"/> and others of a refused handshake mean that
    /// it was not run; <see cref="Rules.Outcomes.FailureKind.ConnectionLost"/> and
    /// <see cref="Rules.Outcomes.FailureKind.Timeout"/> after it that nobody knows how it ended.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="scope">The leave to call.</param>
    Task<KubeResult<ExecEnd>> RunAsync(ExecCommand command, CallScope scope);
}
