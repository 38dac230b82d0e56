using System.Collections.Immutable;

namespace Talon.Host.Configuration;

/// <summary>The result of reading the configuration.</summary>
/// <param name="Options">The configuration; null when there is any error.</param>
/// <param name="Errors">Every error, one line each.</param>
/// <param name="Warnings">What is accepted but does nothing.</param>
internal sealed record ConfigResult(TalonOptions? Options, ImmutableArray<string> Errors, ImmutableArray<string> Warnings);
