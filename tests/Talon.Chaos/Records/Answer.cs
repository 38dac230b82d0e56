namespace Talon.Chaos.Records;

/// <summary>One posting and what came of it.</summary>
/// <param name="Number">The number of the event.</param>
/// <param name="Node">The node it went to, from 0.</param>
/// <param name="Copy">Whether it was the exact duplicate that is sent on purpose; further tries of one posting are no copies.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="AnsweredAt">When the answer had come, or the wait for it ended.</param>
/// <param name="Kind">What the answer means.</param>
/// <param name="Status">The HTTP status; null when none came.</param>
/// <param name="Text">The body of a refusal, or the error.</param>
internal sealed record Answer(
    int Number, int Node, bool Copy, DateTimeOffset SentAt, DateTimeOffset AnsweredAt, AnswerKind Kind, int? Status, string Text);
