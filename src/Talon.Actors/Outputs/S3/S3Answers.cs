using Talon.Actors.Clients.Aws;
using Talon.Actors.Outputs.ObjectStores;

namespace Talon.Actors.Outputs.S3;

/// <summary>What the answers of all services that speak S3 mean for an object that is being created.</summary>
internal static class S3Answers
{
    /// <summary>What an error of a request of the upload says about the object.</summary>
    public static PutResult ToPut(AwsError error) => error switch
    {
        { Status: 412 } => new PutResult.Exists(),

        // Another write of the same key was under way, or somebody removed the parts: all of it is to be sent again.
        { Status: 409, Code: "ConditionalRequestConflict" or "OperationAborted" } or { Status: 404, Code: "NoSuchUpload" } =>
            new PutResult.Failed(error.Kind, error.Message, error.RetryAfter) { Lost = true },
        _ => new PutResult.Failed(error.Kind, error.Message, error.RetryAfter),
    };

    /// <summary>The same result of a request before the one that makes the object: there is none, whatever became of the request.</summary>
    public static PutResult NotCreated(PutResult result) => result is PutResult.Failed failed ? failed with { NotCreated = true } : result;
}
