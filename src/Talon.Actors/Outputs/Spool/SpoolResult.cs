using Talon.Actors.Plugins;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.Spool;

/// <summary>How the taking of an artifact ended: a closed set.</summary>
internal abstract record SpoolResult
{
    private SpoolResult()
    {
    }

    /// <summary>It is on the disk, whole.</summary>
    /// <param name="File">To be disposed of when it is not needed any more.</param>
    public sealed record Taken(SpooledFile File, ArtifactContent.Whole Content) : SpoolResult;

    /// <summary>It is not, and nothing of it is left.</summary>
    public sealed record Failed(ActionOutcome.Failed Why) : SpoolResult
    {
        /// <summary>Whether the artifact could not be had whole, which says nothing of the spool. Default false.</summary>
        public bool IsOfArtifact { get; init; }
    }
}
