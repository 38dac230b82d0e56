namespace Talon.Chaos.Checking;

/// <summary>One broken promise.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Subject">The event, bucket or object.</param>
/// <param name="What">What is wrong, one sentence with the evidence.</param>
internal sealed record Violation(ViolationKind Kind, string Subject, string What)
{
    public override string ToString() => $"{Kind}: {Subject}: {What}";
}
