namespace Talon.KubeApi;

/// <summary>How a scripted exec ends.</summary>
public enum ExecEnd
{
    /// <summary>Status frame, then close 1000, as it should be.</summary>
    Status = 0,

    /// <summary>Close 1000 without a status frame.</summary>
    NoStatus,

    /// <summary>Close 1011 without a status frame.</summary>
    Close1011,

    /// <summary>The connection is cut.</summary>
    Cut,

    /// <summary>Nothing more comes until the client gives up.</summary>
    Stall,
}
