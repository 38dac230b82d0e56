using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs.MinioS3;

/// <summary>The parameters of <c>minio:s3</c>.</summary>
/// <param name="Prefix">What stands before the key, without slashes at its ends; empty for nothing.</param>
internal sealed record MinioS3Parameters(string Bucket, string Prefix)
{
    public static ParameterSchema Schema { get; } = new([BucketSyntax.Bucket, BucketSyntax.Prefix]);

    /// <summary>Reads parameters as written in a plan. The problems are empty when they are right.</summary>
    public static (MinioS3Parameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        return (new MinioS3Parameters(map.GetText("bucket") ?? "", BucketSyntax.TrimPrefix(map.GetText("prefix"))), problems);
    }
}
