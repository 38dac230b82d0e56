using System.Buffers;
using System.Collections.Immutable;
using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs.AwsS3;

/// <summary>The parameters of <c>aws:s3</c>.</summary>
/// <param name="Prefix">What stands before the key, without slashes at its ends; empty for nothing.</param>
/// <param name="Region">The region of the bucket; null for that of the configuration.</param>
internal sealed record AwsS3Parameters(string Bucket, string Prefix, string? Region)
{
    private static readonly SearchValues<char> RegionLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static ParameterSchema Schema { get; } = new(
    [
        BucketSyntax.Bucket,
        BucketSyntax.Prefix,
        new ParameterSpec
        {
            Name = "region",
            Type = ParameterType.Text,
            DefaultText = "the region of the configuration",
            Description = "The region of the bucket.",
            Check = value => value is ParameterValue.Text { Value.Length: > 0 } text && !text.Value.AsSpan().ContainsAnyExcept(RegionLetters)
                ? null
                : "must be a region such as eu-west-3",
        },
    ]);

    /// <summary>Reads parameters as written in a plan. The problems are empty when they are right.</summary>
    public static (AwsS3Parameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        return (new AwsS3Parameters(map.GetText("bucket") ?? "", BucketSyntax.TrimPrefix(map.GetText("prefix")), map.GetText("region")), problems);
    }
}
