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
            Permissions = "For the access key: s3:PutObject and s3:AbortMultipartUpload on the objects of the bucket, and s3:ListBucketMultipartUploads on the bucket, "
                + "to find the parts of an upload that failed. Without s3:ListBucket nobody sees before the action that the bucket is missing.",
        },
        create: ports => new MinioS3Output(ports));
}
