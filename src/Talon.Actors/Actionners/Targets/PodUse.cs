namespace Talon.Actors.Actionners.Targets;

/// <summary>What an action does with the pod of its event.</summary>
internal enum PodUse
{
    /// <summary>It changes the pod, or runs something in it. Refused in protected namespaces.</summary>
    Changed = 0,

    /// <summary>It only reads the pod, or follows it to another object, which has a protection of its own.</summary>
    Read = 1,
}
