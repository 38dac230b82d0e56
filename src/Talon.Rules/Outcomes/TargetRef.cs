namespace Talon.Rules.Outcomes;

/// <summary>The one object an action writes to, as resolved before the write and journalled in <c>Started</c>.</summary>
/// <param name="Kind">The kind, for instance <c>Pod</c> or <c>Node</c>.</param>
/// <param name="Namespace">Its namespace; null for cluster-wide kinds.</param>
public sealed record TargetRef(string Kind, string? Namespace, string Name, string Uid);
