using Talon.Actors.Clients.Kubernetes;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Actionners.Targets;

/// <summary>How one try of a write went: a closed set.</summary>
internal abstract record WriteTry
{
    private WriteTry()
    {
    }

    /// <summary>The action ends here, written or not.</summary>
    public sealed record Ended(ActionOutcome Outcome) : WriteTry;

    /// <summary>Another change came between. Nothing was written, and the next try may succeed.</summary>
    public sealed record Lost(KubeError Error) : WriteTry;
}
