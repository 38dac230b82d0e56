namespace Talon.Actors.Pipeline.Sinks;

/// <summary>What is counted of the records for one notifier. In the end those delivered, dropped and dead are as many as were told.</summary>
internal enum RecordCount
{
    /// <summary>One was handed to its pipeline.</summary>
    Told,

    /// <summary>The other side took it.</summary>
    Delivered,

    /// <summary>It was pushed out of a full queue, or waited when Talon ended.</summary>
    Dropped,

    /// <summary>It was refused for good, or became too old.</summary>
    Dead,
}
