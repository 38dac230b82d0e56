namespace Talon.Cluster.Forming;

/// <summary>The node cannot start. The message is one line for the operator and says what to do.</summary>
public sealed class ClusterStartException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ClusterStartException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public ClusterStartException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes the exception.</summary>
    public ClusterStartException()
    {
    }
}
