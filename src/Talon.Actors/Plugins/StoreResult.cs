using System.Collections.Immutable;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>How storing an artifact ended: a closed set.</summary>
public abstract record StoreResult
{
    private StoreResult()
    {
    }

    /// <summary>It is stored, whole.</summary>
    /// <param name="Text">One sentence: what is where.</param>
    /// <param name="Objects">Where it is: <c>file</c>, <c>destination</c>, <c>bucket</c>, <c>key</c>.</param>
    public sealed record Stored(string Text, ImmutableSortedDictionary<string, string> Objects, ArtifactContent.Whole Content) : StoreResult;

    /// <summary>It is not stored.</summary>
    /// <param name="Why">What went wrong, in the output or in the artifact itself.</param>
    public sealed record Failed(ActionOutcome.Failed Why) : StoreResult
    {
        /// <summary>Whether the artifact could not be had whole, which says nothing of the output. Default false.</summary>
        public bool IsOfArtifact { get; init; }
    }
}
