namespace Talon.Actors.Plugins;

/// <summary>How one record of a batch ended.</summary>
public enum RecordEnd
{
    /// <summary>It is to be sent again.</summary>
    Again = 0,

    /// <summary>It was delivered.</summary>
    Delivered = 1,

    /// <summary>It will not be taken, however often it is sent.</summary>
    Refused = 2,
}
