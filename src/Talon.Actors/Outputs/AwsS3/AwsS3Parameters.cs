using System.Buffers;
using System.Collections.Immutable;
using Talon.Actors.Outputs.S3;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs.AwsS3;

/// <summary>The parameters of <c>aws:s3</c>.</summary>
/// <param name="Prefix">What stands before the key, without slashes at its ends; empty for nothing.</param>
/// <param name="Region">The region of the bucket; null for that of the configuration.</param>
internal sealed record AwsS3Parameters(string Bucket, string Prefix, string? Region)
{
    // The names of S3, of those classes that take objects by the S3 API.
    private static readonly ImmutableArray<string> StorageClasses =
    [
        "STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "GLACIER_IR", "DEEP_ARCHIVE", "REDUCED_REDUNDANCY", "EXPRESS_ONEZONE", "OUTPOSTS",
    ];

    private static readonly ImmutableArray<string> Encryptions = ["AES256", "aws:kms", "aws:kms:dsse"];

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
        new ParameterSpec
        {
            Name = "endpoint",
            Type = ParameterType.Text,
            DefaultText = "that of the region",
            Description = "The URL of another service that speaks S3. The bucket stands in the path then.",
            Check = ParameterChecks.Text(text => IsEndpoint(text) ? null : "must be a URL with http or https, a host and perhaps a port, and nothing more"),
        },
        new ParameterSpec
        {
            Name = "server_side_encryption",
            Type = ParameterType.Text,
            DefaultText = "that of the bucket",
            Description = $"How the object is encrypted: {string.Join(", ", Encryptions)}.",
            Check = OneOf(Encryptions),
        },
        new ParameterSpec
        {
            Name = "kms_key_id",
            Type = ParameterType.Text,
            DefaultText = "the key of AWS for S3",
            Description = "The id or ARN of the KMS key; only with aws:kms or aws:kms:dsse.",
            Check = ParameterChecks.Text(text => text.Length is > 0 and <= 2048 && text.All(letter => letter is > ' ' and <= '~') ? null : "must be the id or the ARN of a key"),
        },
        new ParameterSpec
        {
            Name = "storage_class",
            Type = ParameterType.Text,
            DefaultText = "STANDARD",
            Description = $"The storage class of the object: {string.Join(", ", StorageClasses)}.",
            Check = OneOf(StorageClasses),
        },
    ])
    {
        Check = map => map.GetText("kms_key_id") is not null && map.GetText("server_side_encryption")?.StartsWith("aws:kms", StringComparison.Ordinal) != true
            ? "kms_key_id needs server_side_encryption: aws:kms or aws:kms:dsse"
            : null,
    };

    /// <summary>The URL of another service; null for that of AWS.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>What is asked for with each object.</summary>
    public S3ObjectOptions Options { get; init; } = S3ObjectOptions.None;

    /// <summary>Reads parameters as written in a plan. The problems are empty when they are right.</summary>
    public static (AwsS3Parameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        var parameters = new AwsS3Parameters(map.GetText("bucket") ?? "", BucketSyntax.TrimPrefix(map.GetText("prefix")), map.GetText("region"))
        {
            Endpoint = map.GetText("endpoint") is { } url && IsEndpoint(url) ? new Uri(url) : null,
            Options = new S3ObjectOptions
            {
                Encryption = map.GetText("server_side_encryption"),
                KmsKeyId = map.GetText("kms_key_id"),
                StorageClass = map.GetText("storage_class"),
            },
        };
        return (parameters, problems);
    }

    // No user and password: they would be shown where the rule is.
    private static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0, AbsolutePath: "/" };

    private static Func<ParameterValue, string?> OneOf(ImmutableArray<string> names) =>
        ParameterChecks.Text(text => names.Contains(text, StringComparer.Ordinal) ? null : $"must be one of {string.Join(", ", names)}");
}
