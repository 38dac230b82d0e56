namespace Talon.Chaos.Processes;

/// <summary>The signals that the suite sends; their numbers on Linux.</summary>
internal enum Signal
{
    None = 0,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
