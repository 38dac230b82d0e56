namespace Talon.Rules.Outcomes;

/// <summary>
/// Text that an action brought back from a workload: what a command printed, the lines of a log. It may hold secrets; logs and
/// notifications show size and digest only, unless the action says <c>inline: true</c>.
/// </summary>
/// <param name="Name">What it is: <c>stdout</c>, <c>stderr</c>, or <c>log</c> with the name of the container.</param>
/// <param name="Text">Its beginning, at most the cap of the action.</param>
/// <param name="Bytes">How many bytes there were in all, as far as they were read.</param>
/// <param name="Sha256">The SHA-256 of the bytes that were read, lower-case hex.</param>
/// <param name="Inline">Whether logs and notifications may show the text.</param>
public sealed record CapturedText(string Name, string Text, long Bytes, string Sha256, bool Inline);
