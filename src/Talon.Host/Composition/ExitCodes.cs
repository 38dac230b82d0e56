namespace Talon.Host.Composition;

/// <summary>How the process ends.</summary>
internal static class ExitCodes
{
    /// <summary>All is fine.</summary>
    public const int Fine = 0;

    /// <summary>The thing asked for is not fine: invalid rules or configuration, a port in use.</summary>
    public const int NotFine = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>The node was taken out of its cluster while it ran: to be restarted from outside.</summary>
    public const int Downed = 3;
}
