using System.Collections.Immutable;

namespace Talon.Rules.Loading.Compiling;

/// <summary>The result of compiling an action. Its faults are in the bag already; what to do about parts that are not built is the caller's choice.</summary>
/// <param name="Action">The action with every default filled in; null when there is nothing to run.</param>
/// <param name="IsLeftOut">Whether it is left out without an error: lenient reading does without what this version lacks.</param>
/// <param name="NotBuilt">What it asks for that this version cannot do yet, in the order of its keys.</param>
/// <param name="Continues">Whether the next action of its rule runs after it.</param>
internal sealed record ActionVerdict(CompiledAction? Action, bool IsLeftOut, ImmutableArray<NotBuilt> NotBuilt, bool Continues)
{
    /// <summary>Nothing to run.</summary>
    public static ActionVerdict Nothing(bool isLeftOut, bool continues) => new(null, isLeftOut, [], continues);
}
