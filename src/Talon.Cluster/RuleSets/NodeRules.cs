namespace Talon.Cluster.RuleSets;

/// <summary>Which rules a node works with.</summary>
/// <param name="Node">The address of the node.</param>
/// <param name="Since">Since when it is in force there, by that node's clock.</param>
public sealed record NodeRules(string Node, string Hash, DateTimeOffset Since);
