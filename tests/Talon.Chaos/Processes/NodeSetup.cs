namespace Talon.Chaos.Processes;

/// <summary>A node of the cluster under test; the same over all its restarts.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Address">Where it takes events.</param>
/// <param name="ClusterPort">The port by which the other nodes know it.</param>
/// <param name="Environment">Its settings.</param>
/// <param name="LogFile">Where its output goes.</param>
internal sealed record NodeSetup(int Number, Uri Address, int ClusterPort, IReadOnlyDictionary<string, string> Environment, string LogFile);
