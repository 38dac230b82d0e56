using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Internal;

namespace Talon.Actors.Outputs.S3;

/// <summary>The client of AWS without its own handling of redirects: it follows a 307 to hosts of AWS whatever it is told, and fails with an exception on all others.</summary>
internal sealed class S3Client(AWSCredentials credentials, AmazonS3Config config) : AmazonS3Client(credentials, config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.RemoveHandler<AmazonS3RedirectHandler>();
    }
}
