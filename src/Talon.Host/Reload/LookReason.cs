namespace Talon.Host.Reload;

/// <summary>Why the rule files are looked at.</summary>
internal enum LookReason
{
    /// <summary>There were signs of a change, and then it was quiet.</summary>
    Change = 0,

    /// <summary>Nothing was heard for a while.</summary>
    Poll = 1,
}
