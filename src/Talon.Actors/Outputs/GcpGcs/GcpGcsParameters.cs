using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs.GcpGcs;

/// <summary>The parameters of <c>gcp:gcs</c>.</summary>
/// <param name="Prefix">What stands before the key, without slashes at its ends; empty for nothing.</param>
internal sealed record GcpGcsParameters(string Bucket, string Prefix)
{
    public static ParameterSchema Schema { get; } = new([BucketSyntax.Bucket, BucketSyntax.Prefix]);

    /// <summary>Reads parameters as written in a plan. The problems are empty when they are right.</summary>
    public static (GcpGcsParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        return (new GcpGcsParameters(map.GetText("bucket") ?? "", BucketSyntax.TrimPrefix(map.GetText("prefix"))), problems);
    }
}
