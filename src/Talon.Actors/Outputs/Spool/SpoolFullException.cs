namespace Talon.Actors.Outputs.Spool;

/// <summary>The bound of the spool is reached. It crosses the code of an artifact, which writes to a stream and knows of no bound.</summary>
public sealed class SpoolFullException : Exception
{
    /// <summary>Makes one.</summary>
    public SpoolFullException()
        : base("the spool is full")
    {
    }
}
