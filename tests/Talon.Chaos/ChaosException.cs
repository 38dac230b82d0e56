namespace Talon.Chaos;

/// <summary>A run could not be carried out, so that it says nothing; the message says why.</summary>
internal sealed class ChaosException : Exception
{
    public ChaosException()
    {
    }

    public ChaosException(string message)
        : base(message)
    {
    }

    public ChaosException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
