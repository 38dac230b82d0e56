using Talon.Rules.Catalog;

namespace Talon.Actors.Outputs.AwsS3;

/// <summary>
/// <c>aws:s3</c> as the catalog lists it. The right to abort is for the parts of an upload that failed: they cost money and nobody sees them.
/// </summary>
internal static class AwsS3Module
{
    public static OutputModule Module { get; } = new(
        typeof(AwsS3Module),
        new OutputDescriptor
        {
            Name = "aws:s3",
            Description = "Stores the artifact as an object in a bucket of AWS S3.",
            Parameters = AwsS3Parameters.Schema,
            Permissions = """
                {
                  "Version": "2012-10-17",
                  "Statement": [
                    {
                      "Effect": "Allow",
                      "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
                      "Resource": ["arn:aws:s3:::BUCKET/*"]
                    }
                  ]
                }
                """,
        },
        create: ports => new AwsS3Output(ports));
}
