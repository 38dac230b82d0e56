using Talon.Rules.Outcomes;

namespace Talon.Actors.Outputs.ObjectStores;

/// <summary>What follows from an answer of an object store: a closed set.</summary>
internal abstract record UploadStep
{
    private UploadStep()
    {
    }

    /// <summary>The object is there.</summary>
    public sealed record Done : UploadStep;

    /// <summary>Another object has the key: take the next one.</summary>
    public sealed record NextKey : UploadStep;

    /// <summary>Something has the key: read whose it is.</summary>
    public sealed record Ask : UploadStep;

    /// <summary>Try again after a while.</summary>
    public sealed record Again(TimeSpan Delay) : UploadStep;

    /// <summary>It is over.</summary>
    public sealed record Fail(FailureKind Kind, string Reason) : UploadStep;
}
