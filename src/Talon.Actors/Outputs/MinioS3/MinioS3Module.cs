using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs.MinioS3;

/// <summary><c>minio:s3</c> as the catalog lists it.</summary>
internal static class MinioS3Module
{
    public static OutputModule Module { get; } = new(
        typeof(MinioS3Module),
        new OutputDescriptor
        {
            Name = "minio:s3",
            Description = "Stores the artifact as an object in a bucket of MinIO.",
            Parameters = MinioS3Parameters.Schema,
            Permissions = "For the access key: s3:ListBucket on the bucket, to see that it exists, and s3:PutObject on its objects.",
        },
        create: null);
}
