using System.Collections.Immutable;

namespace Talon.Actors.Pipeline;

/// <summary>The objects of an outcome that concerns none.</summary>
internal static class Objects
{
    public static ImmutableSortedDictionary<string, string> None { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
