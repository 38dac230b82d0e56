namespace Talon.Rules.Events;

/// <summary>Why a field tells repetitions of one alert apart.</summary>
internal enum VolatileKind
{
    /// <summary>A time of the event, or of a process or container up to the event.</summary>
    Time = 0,

    /// <summary>A counter, a gauge, or the number of a processor.</summary>
    Count = 1,

    /// <summary>The number of one record of a log.</summary>
    Record = 2,

    /// <summary>The number of a process, thread, process group or session.</summary>
    Process = 3,
}
