namespace Talon.Chaos.Records;

/// <summary>A fault that the suite has made.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What sort, for instance <c>kill -9</c>.</param>
/// <param name="What">To whom.</param>
internal sealed record FaultMoment(DateTimeOffset At, string Kind, string What);
