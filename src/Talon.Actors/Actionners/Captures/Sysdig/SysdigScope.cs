namespace Talon.Actors.Actionners.Captures.Sysdig;

/// <summary>Whose system calls a capture holds.</summary>
internal enum SysdigScope
{
    Pod = 0,

    /// <summary>All processes of the node.</summary>
    Node = 1,
}
