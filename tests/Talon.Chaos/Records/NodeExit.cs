namespace Talon.Chaos.Records;

/// <summary>The end of a talon process under the supervisor.</summary>
/// <param name="Node">The node, from 0.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Code">Its exit code; 128 + n when signal n ended it.</param>
internal sealed record NodeExit(int Node, int ProcessId, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int Code);
