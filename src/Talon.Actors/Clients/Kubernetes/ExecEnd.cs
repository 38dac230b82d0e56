namespace Talon.Actors.Clients.Kubernetes;

/// <summary>How a command in a container ended: a closed set.</summary>
internal abstract record ExecEnd
{
    private ExecEnd()
    {
    }

    /// <summary>It ran to its end.</summary>
    public sealed record Exited(int Code) : ExecEnd;

    /// <summary>It could not be started: no such program, no right to run it.</summary>
    /// <param name="Reason">What the container runtime said, one line.</param>
    public sealed record NotStarted(string Reason) : ExecEnd;

    /// <summary>The caller had read enough; the command may still run.</summary>
    public sealed record CutShort : ExecEnd;
}
