namespace Talon.Actors.Telemetry;

/// <summary>Log lines about the state of a part of Talon rather than about an event.</summary>
internal static class HealthLines
{
    /// <summary>A part fails.</summary>
    /// <param name="log">Where the line goes.</param>
    /// <param name="part">The category, bucket or journal.</param>
    /// <param name="error">What is wrong and what follows from it.</param>
    public static void Unhealthy(this ITalonLog log, string part, string error) => log.Write(new LogLine("health")
    {
        Level = LogLineLevel.Error,
        Category = part,
        Status = "failure",
        Error = error,
    });

    /// <summary>A part works again.</summary>
    /// <param name="log">Where the line goes.</param>
    /// <param name="part">The category, bucket or journal.</param>
    /// <param name="result">What happened.</param>
    public static void Healthy(this ITalonLog log, string part, string result) => log.Write(new LogLine("health")
    {
        Category = part,
        Status = "success",
        Result = result,
    });
}
