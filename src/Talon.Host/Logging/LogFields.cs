using System.Globalization;
using Talon.Actors.Telemetry;

namespace Talon.Host.Logging;

/// <summary>The names of the fields and their order in JSON, as in Falco Talon; <c>event_key</c>, <c>attempt</c> and <c>logger</c> are new.</summary>
internal static class LogFields
{
    /// <summary>The field that holds the objects.</summary>
    public const string Objects = "objects";

    /// <summary>The fields before the objects, in JSON order.</summary>
    public static (string Name, Func<LogEntry, string?> Value)[] BeforeObjects { get; } =
    [
        ("rule", e => e.Line.Rule),
        ("event", e => e.Line.Event),
        ("priority", e => e.Line.Priority),
        ("source", e => e.Line.Source),
        ("output", e => e.Line.Output),
        ("actionner", e => e.Line.Actionner),
        ("category", e => e.Line.Category),
        ("output_target", e => e.Line.OutputTarget),
        ("action", e => e.Line.Action),
        ("status", e => e.Line.Status),
        ("result", e => e.Line.Result),
        ("trace_id", e => e.Line.TraceId),
        ("event_key", e => e.Line.EventKey),
        ("logger", e => e.Logger),
    ];

    /// <summary>RFC 3339 in UTC with milliseconds.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The word of a level in JSON.</summary>
    public static string Word(LogLineLevel level) => level switch
    {
        LogLineLevel.Warn => "warn",
        LogLineLevel.Error => "error",
        LogLineLevel.Fatal => "fatal",
        _ => "info",
    };

    /// <summary>The three letters of a level on the console.</summary>
    public static string Letters(LogLineLevel level) => level switch
    {
        LogLineLevel.Warn => "WRN",
        LogLineLevel.Error => "ERR",
        LogLineLevel.Fatal => "FTL",
        _ => "INF",
    };
}
