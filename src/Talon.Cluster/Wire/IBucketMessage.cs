namespace Talon.Cluster.Wire;

/// <summary>A message for one bucket, wherever in the cluster it lives.</summary>
internal interface IBucketMessage : IWireMessage
{
    /// <summary>The bucket, from 0.</summary>
    int Bucket { get; }
}
