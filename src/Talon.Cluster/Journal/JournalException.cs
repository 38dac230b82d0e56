namespace Talon.Cluster.Journal;

/// <summary>The journal cannot be used. The message is one line for the operator and says what to do.</summary>
public sealed class JournalException : Exception
{
    /// <summary>Makes the exception.</summary>
    public JournalException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public JournalException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes the exception.</summary>
    public JournalException()
    {
    }
}
