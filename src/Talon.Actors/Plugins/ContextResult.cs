using System.Collections.Immutable;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>How looking up a context ended: a closed set.</summary>
public abstract record ContextResult
{
    private ContextResult()
    {
    }

    /// <summary>The values, without empty ones.</summary>
    /// <param name="Values">By key, for instance <c>node.hostname</c>.</param>
    public sealed record Found(ImmutableSortedDictionary<string, string> Values) : ContextResult;

    /// <summary>
    /// The values could not be read, and the action ends with <paramref name="Outcome"/>: it does not run on half of what it asked for.
    /// </summary>
    public sealed record Failed(ActionOutcome Outcome) : ContextResult;

    /// <summary>The values are not there yet: see <see cref="Preparation.Later"/>.</summary>
    /// <param name="Reason">What is missing, one clause.</param>
    public sealed record Later(string Reason) : ContextResult;
}
