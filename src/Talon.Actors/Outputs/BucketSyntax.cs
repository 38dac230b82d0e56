using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs;

/// <summary>The parameters that all outputs to a bucket have.</summary>
internal static class BucketSyntax
{
    public static ParameterSpec Bucket { get; } = new()
    {
        Name = "bucket",
        Type = ParameterType.Text,
        Required = true,
        Description = "The name of the bucket; it must exist.",
        Check = value => value is ParameterValue.Text text ? CheckBucket(text.Value) : null,
    };

    public static ParameterSpec Prefix { get; } = new()
    {
        Name = "prefix",
        Type = ParameterType.Text,
        DefaultText = "none",
        Description = "What stands before the key, with a slash between them; slashes at its ends count for nothing.",
        Check = value => value is ParameterValue.Text text && text.Value.Any(char.IsControl) ? "must not hold control characters" : null,
    };

    /// <summary>The prefix without slashes at its ends; empty for none.</summary>
    public static string TrimPrefix(string? prefix) => prefix?.Trim('/') ?? "";

    // Services differ in the names they take, but none takes an address in place of a name. An access point has an ARN, with a slash.
    private static string? CheckBucket(string bucket)
    {
        if (string.IsNullOrWhiteSpace(bucket))
        {
            return "must not be empty";
        }

        bool isName = bucket.StartsWith("arn:", StringComparison.Ordinal) || !bucket.Contains('/', StringComparison.Ordinal);
        return isName && !bucket.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter))
            ? null
            : "must be the name of the bucket alone; what stands before the key goes into prefix";
    }
}
