using System.Collections.Immutable;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline;

internal static class SampleOutcomes
{
    public static ImmutableSortedDictionary<string, string> NoObjects { get; } = ImmutableSortedDictionary<string, string>.Empty;

    public static ActionOutcome.Failed Failure(FailureKind kind, TimeSpan? retryAfter = null) => new(kind, $"a {kind}", NoObjects, retryAfter);
}
