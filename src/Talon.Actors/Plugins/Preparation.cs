using System.Collections.Immutable;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>What the read-only first half of an action found: a closed set.</summary>
public abstract record Preparation
{
    private Preparation()
    {
    }

    /// <summary>Everything allows the write; nothing has been written yet.</summary>
    /// <param name="Target">The object to be written to; null when there is no single one.</param>
    /// <param name="Intent">What will be done, as a verb phrase for a dry run: <c>terminate pod shop/cart-0 (uid …)</c>.</param>
    /// <param name="Objects">The objects concerned, for the outcome.</param>
    public sealed record Ready(TargetRef? Target, string Intent, ImmutableSortedDictionary<string, string> Objects) : Preparation;

    /// <summary>There is nothing to write: the action ends here.</summary>
    public sealed record Done(ActionOutcome Outcome) : Preparation;

    /// <summary>
    /// What the action needs is not there yet: it gives its slot back and is prepared again a moment later. This does not count as an
    /// attempt: nothing is journalled and no outcome is reported.
    /// </summary>
    /// <param name="Reason">What is missing, one clause.</param>
    public sealed record Later(string Reason) : Preparation;
}
