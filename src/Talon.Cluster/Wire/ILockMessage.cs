namespace Talon.Cluster.Wire;

/// <summary>A message for the lock of one key, wherever in the cluster it lives.</summary>
internal interface ILockMessage : IWireMessage
{
    /// <summary>What is locked, for instance the uid of a workload.</summary>
    string Key { get; }
}
