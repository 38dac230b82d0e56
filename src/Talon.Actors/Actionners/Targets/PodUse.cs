namespace Talon.Actors.Actionners.Targets;

/// <summary>What an action does with the pod of its event.</summary>
internal enum PodUse
{
    /// <summary>It changes the pod, or runs something in it. Refused in protected namespaces.</summary>
    Changed = 0,

    /// <summary>It only reads the pod, or is led by it to another object; that object has its own protection.</summary>
    Read = 1,
}
