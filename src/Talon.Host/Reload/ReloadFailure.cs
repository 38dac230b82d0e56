using System.Collections.Immutable;

namespace Talon.Host.Reload;

/// <summary>Why changed rule files did not come into force.</summary>
/// <param name="Errors">The first errors, each one line, bounded in number and length.</param>
internal sealed record ReloadFailure(DateTimeOffset At, ImmutableArray<string> Errors);
