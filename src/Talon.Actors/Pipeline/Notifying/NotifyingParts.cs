using Talon.Actors.Pipeline.Sinks;
using Talon.Actors.Telemetry;

namespace Talon.Actors.Pipeline.Notifying;

/// <summary>What the pipelines of all notifiers share.</summary>
/// <param name="Jitter">Random numbers in [0, 1); thread-safe.</param>
internal sealed record NotifyingParts(TimeProvider Clock, Func<double> Jitter, ITalonLog Log, TalonMeters Meters);
