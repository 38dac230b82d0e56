using System.Text.Json.Serialization;

namespace Talon.KubeApi;

/// <summary>Which requests meet a fault, and which fault. Every condition that is left out fits every request.</summary>
public sealed record FaultRule
{
    /// <summary>A name for the record of requests; by default the kind of the fault.</summary>
    public string? Label { get; init; }

    /// <summary>Verbs: get, list, create, update, patch, delete, deletecollection ...</summary>
    public IReadOnlyList<string> Verbs { get; init; } = [];

    /// <summary>Plural name, e.g. <c>pods</c>. Requests of no resource (<c>/version</c>) match only when this is null.</summary>
    public string? Resource { get; init; }

    /// <summary>The part of the object that the path names, e.g. <c>exec</c> or <c>status</c>; empty: only the object itself; null: any.</summary>
    public string? Subresource { get; init; }

    /// <summary>Regular expression on the namespace of the request.</summary>
    public string? Namespace { get; init; }

    /// <summary>Regular expression on the name of the object.</summary>
    public string? Name { get; init; }

    /// <summary>0 to 1; drawn for each request that matches.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>How many requests meet the fault; null: all.</summary>
    public int? Times { get; init; }

    /// <summary>Waits this long before anything else happens.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Waits for the end of this task before anything else happens: for a test that changes something meanwhile.</summary>
    [JsonIgnore]
    public Task? Until { get; init; }

    public FaultKind Kind { get; init; }

    /// <summary>The HTTP status of <see cref="FaultKind.Status"/>.</summary>
    public int Status { get; init; }

    /// <summary>Message of the Status body; by default the words of the real server for this status.</summary>
    public string? Message { get; init; }

    /// <summary>Reason of the Status body; by default the one that goes with the status.</summary>
    public string? Reason { get; init; }

    /// <summary>Seconds of the Retry-After header; a 429 has 1 by default.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>True: a text body instead of a Status. A 429 without <see cref="Message"/> is text too, as real throttling is.</summary>
    public bool TextBody { get; init; }

    /// <summary>How long a stall lasts at most. 30 s by default.</summary>
    public TimeSpan StallBound { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The user that the message of a 403 names.</summary>
    public string User { get; init; } = "system:serviceaccount:kubeapi:client";

    /// <summary>A rule that answers with an error status.</summary>
    public static FaultRule Answer(int status, int? times = null, params string[] verbs) =>
        new() { Kind = FaultKind.Status, Status = status, Times = times, Verbs = verbs };

    /// <summary>A rule that only slows requests down.</summary>
    public static FaultRule Delay(TimeSpan latency, params string[] verbs) => new() { Latency = latency, Verbs = verbs };

    /// <summary>A rule of any other kind.</summary>
    public static FaultRule Of(FaultKind kind, int? times = null, params string[] verbs) =>
        new() { Kind = kind, Times = times, Verbs = verbs };
}
