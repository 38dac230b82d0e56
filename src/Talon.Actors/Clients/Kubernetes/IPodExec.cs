using Talon.Actors.Clients.Calls;

namespace Talon.Actors.Clients.Kubernetes;

/// <summary>
/// Runs commands in containers. The API takes no uid here: the caller reads the pod right before. Ending the attempt does not end
/// the command in the container; a command that must end needs a limit of its own.
/// </summary>
internal interface IPodExec
{
    /// <summary>
    /// Runs a command to its end. Errors: <see cref="Rules.Outcomes.FailureKind.NotSent"/> and others of a refused handshake mean that
    /// it was not run; after that <see cref="Rules.Outcomes.FailureKind.ConnectionLost"/> and
    /// <see cref="Rules.Outcomes.FailureKind.Timeout"/> mean that nobody knows how it ended.
    /// </summary>
    Task<KubeResult<ExecEnd>> RunAsync(ExecCommand command, CallScope scope);
}
