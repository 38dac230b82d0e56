using System.Collections.Frozen;

namespace Talon.Actors.Pipeline.Intake;

/// <summary>Why a request was not taken in: the values of the label <c>cause</c> of <c>talon_ingress_refused_total</c>, all of them.</summary>
public static class RefusalCause
{
    /// <summary>The intake of the node or of the bucket is full.</summary>
    public const string Full = "full";

    /// <summary>What the event is about holds its tenth of the intake already.</summary>
    public const string TargetFull = "target_full";

    /// <summary>The node is leaving.</summary>
    public const string Draining = "draining";

    /// <summary>The event could not be stored in time.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Anything that is none of these, such as a word of a newer node.</summary>
    public const string Other = "other";

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        Full, TargetFull, Draining, Unreachable, "method", "body", "size", "certificate", "auth", "bytes", "fault", "aborted");

    /// <summary>Which events a refusal for lack of room speaks of, as a part of its line.</summary>
    internal static string About(string cause) =>
        cause == TargetFull ? " about the same pod, container, object or host (one may hold a tenth of the intake)" : "";

    /// <summary>The cause as a label: of a fixed set.</summary>
    /// <param name="cause">A cause, also one that another node has named.</param>
    public static string Label(string cause) => Known.Contains(cause) ? cause : Other;
}
