using System.Collections.Immutable;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>What came of looking up a context: a closed set.</summary>
public abstract record ContextResult
{
    private ContextResult()
    {
    }

    /// <summary>The values.</summary>
    /// <param name="Values">By key, for instance <c>node.hostname</c>.</param>
    public sealed record Found(ImmutableSortedDictionary<string, string> Values) : ContextResult;

    /// <summary>They could not be had: the action does not run on half of what it asked for.</summary>
    /// <param name="Outcome">How the action ends.</param>
    public sealed record Failed(ActionOutcome Outcome) : ContextResult;

    /// <summary>They cannot be had yet: see <see cref="Preparation.Later"/>.</summary>
    /// <param name="Reason">What is missing, one clause.</param>
    public sealed record Later(string Reason) : ContextResult;
}
