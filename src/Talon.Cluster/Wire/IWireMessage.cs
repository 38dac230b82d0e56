namespace Talon.Cluster.Wire;

/// <summary>A message of ours that may cross nodes: bound to Talon's serializer.</summary>
internal interface IWireMessage
{
}
