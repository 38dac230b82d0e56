namespace Talon.Actors.Outputs.S3;

/// <summary>What is asked for with each object. Null leaves it to the bucket.</summary>
internal sealed record S3ObjectOptions
{
    /// <summary>Nothing is asked for.</summary>
    public static S3ObjectOptions None { get; } = new();

    /// <summary>How the object is encrypted, as S3 calls it: <c>AES256</c>.</summary>
    public string? Encryption { get; init; }

    /// <summary>The KMS key that encrypts it.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The storage class, as S3 calls it: <c>STANDARD_IA</c>.</summary>
    public string? StorageClass { get; init; }
}
