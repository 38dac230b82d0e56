namespace Talon.Cluster.Protocol;

/// <summary>A message for the guard of one key, wherever in the cluster it lives.</summary>
internal interface IGuardMessage : IWireMessage
{
    /// <summary>What is guarded, for instance the uid of a workload.</summary>
    string Key { get; }
}
