namespace Talon.Actors.Tests.Outputs.S3;

/// <summary>What goes wrong with one request to the stand-in.</summary>
internal abstract record S3Fault
{
    private S3Fault()
    {
    }

    /// <summary>It is refused and not carried out.</summary>
    /// <param name="Code">The error code in the body; empty for an answer without a body.</param>
    public sealed record Refuse(int Status, string Code, params (string Name, string Value)[] Headers) : S3Fault;

    /// <summary>The connection is cut after so many bytes of the body were read.</summary>
    public sealed record CutBody(long After) : S3Fault;

    /// <summary>It is carried out, and the connection is cut before the answer.</summary>
    public sealed record CutAnswer : S3Fault;

    /// <summary>It is answered with 200 and an error in the body, and not carried out.</summary>
    public sealed record ErrorIn200 : S3Fault;

    /// <summary>It is never answered.</summary>
    public sealed record Hang : S3Fault;
}
