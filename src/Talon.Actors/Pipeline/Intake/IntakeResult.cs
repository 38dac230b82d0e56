namespace Talon.Actors.Pipeline.Intake;

/// <summary>The answer of the intake: a closed set.</summary>
public abstract record IntakeResult
{
    private IntakeResult()
    {
    }

    /// <summary>The event is committed to the journal.</summary>
    /// <param name="EventKey">Its identity from now on.</param>
    public sealed record Accepted(string EventKey) : IntakeResult;

    /// <summary>The same event came within the duplicate window; nothing more is done about it.</summary>
    public sealed record Duplicate : IntakeResult;

    /// <summary>The event was not accepted. The sender should come again.</summary>
    /// <param name="Cause">A short constant word for the metric; see <see cref="RefusalCause"/>.</param>
    /// <param name="Reason">One line for the sender.</param>
    public sealed record Refused(string Cause, string Reason, TimeSpan RetryAfter) : IntakeResult;
}
