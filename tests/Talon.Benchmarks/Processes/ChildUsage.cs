namespace Talon.Benchmarks.Processes;

/// <summary>What a process has used up to now.</summary>
/// <param name="Processor">Processor time of all its threads.</param>
/// <param name="Resident">Memory resident now, in bytes.</param>
/// <param name="PeakResident">The most that was ever resident, in bytes; 0 where the system does not tell.</param>
internal readonly record struct ChildUsage(TimeSpan Processor, long Resident, long PeakResident);
