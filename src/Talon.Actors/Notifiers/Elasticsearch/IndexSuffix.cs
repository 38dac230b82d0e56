namespace Talon.Actors.Notifiers.Elasticsearch;

/// <summary>What part of the date the name of an index ends with.</summary>
internal enum IndexSuffix
{
    /// <summary>The day.</summary>
    Daily = 0,

    /// <summary>The month.</summary>
    Monthly = 1,

    /// <summary>The year.</summary>
    Annually = 2,

    /// <summary>Nothing: all documents go to one index.</summary>
    None = 3,
}
