namespace Talon.Actors.Actionners.Captures.Sysdig;

/// <summary>Whose system calls a capture holds.</summary>
internal enum SysdigScope
{
    /// <summary>Those of the containers of the pod.</summary>
    Pod = 0,

    /// <summary>Those of all processes of the node.</summary>
    Node = 1,
}
