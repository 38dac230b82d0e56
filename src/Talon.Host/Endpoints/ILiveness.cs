namespace Talon.Host.Endpoints;

/// <summary>Whether the process can still do its work.</summary>
internal interface ILiveness
{
    /// <summary>False when only a restart helps.</summary>
    bool IsAlive { get; }

    /// <summary>Ends when the process can no longer do its work, and when it has been stopped.</summary>
    Task Ended { get; }

    /// <summary>The line that says why the start should have been refused, when that was found out only afterwards; else null.</summary>
    string? Refusal { get; }
}
