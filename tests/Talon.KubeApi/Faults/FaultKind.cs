namespace Talon.KubeApi;

/// <summary>What a fault does to the answer. Latency is apart and goes together with each of them.</summary>
public enum FaultKind
{
    /// <summary>Only latency.</summary>
    None = 0,

    /// <summary>Answers <see cref="FaultRule.Status"/>; nothing is changed.</summary>
    Status,

    /// <summary>Cuts the connection; nothing is changed.</summary>
    ResetBeforeEffect,

    /// <summary>Does what was asked, then cuts the connection without an answer.</summary>
    ResetAfterEffect,

    /// <summary>Does what was asked, then sends nothing until the client gives up or <see cref="FaultRule.StallBound"/> is over; then answers.</summary>
    StallHeaders,

    /// <summary>Does what was asked and sends the headers; the body follows only after <see cref="FaultRule.StallBound"/>.</summary>
    StallBody,

    /// <summary>502 with an HTML page, as a proxy in between answers; nothing is changed.</summary>
    HtmlBody502,

    /// <summary>200 without a body; nothing is changed.</summary>
    EmptyBody200,
}
