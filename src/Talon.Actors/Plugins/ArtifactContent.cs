using Talon.Rules.Outcomes;

namespace Talon.Actors.Plugins;

/// <summary>How the writing of an artifact's content ended: a closed set.</summary>
public abstract record ArtifactContent
{
    private ArtifactContent()
    {
    }

    /// <summary>All of it was written.</summary>
    /// <param name="Bytes">How many bytes; 0 when the source exists and is empty.</param>
    /// <param name="Sha256">Their SHA-256, lower-case hex.</param>
    public sealed record Whole(long Bytes, string Sha256) : ArtifactContent;

    /// <summary>It is not whole and must not be kept.</summary>
    public sealed record Broken(ActionOutcome.Failed Why) : ArtifactContent;
}
