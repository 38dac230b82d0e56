using System.Diagnostics.CodeAnalysis;
using Amazon.Runtime.Internal;
using Talon.Actors.Clients.Aws;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Outputs.S3;

/// <summary>What S3 means by its answers, beyond what all services of AWS have in common.</summary>
internal static class S3Errors
{
    private const string RegionHeader = "x-amz-bucket-region";

    /// <summary>Makes an error of an exception; false for a fault in Talon.</summary>
    /// <param name="doing">What was tried, as a verb phrase: <c>create the object</c>.</param>
    public static bool TryClassify(Exception exception, string doing, TimeProvider clock, [NotNullWhen(true)] out AwsError? error)
    {
        if (exception is ArgumentException)
        {
            // So the SDK ends a redirect to an address in which it finds no region. Nothing was carried out there.
            error = new AwsError(FailureKind.Rejected, $"cannot {doing}: the store redirects to another address, which is not followed: set endpoint or region");
            return true;
        }

        if (!AwsErrors.TryClassify(exception, doing, clock, out error))
        {
            return false;
        }

        if (IsOtherRegion(exception, error))
        {
            string region = OneLine.From(RegionOf(exception) ?? "unknown");
            error = error with { Kind = FailureKind.Rejected, Message = $"cannot {doing}: the bucket is in the region '{region}', another than that of the request: set region" };
        }
        else if (error.Status is >= 200 and < 300)
        {
            // The end of a multipart upload fails with 200 and an error in the body when S3 began to answer before it was done.
            error = error with { Kind = FailureKind.ServerError };
        }

        return true;
    }

    /// <summary>The region that the answer behind an exception says the bucket is in; null when it says none.</summary>
    public static string? RegionOf(Exception exception) =>
        exception.InnerException is HttpErrorResponseException { Response: { } answer } && answer.IsHeaderPresent(RegionHeader) ? answer.GetHeaderValue(RegionHeader) : null;

    // 301 PermanentRedirect, 307, or 400 AuthorizationHeaderMalformed and IllegalLocationConstraintException.
    private static bool IsOtherRegion(Exception exception, AwsError error) =>
        error is { Status: 301 or 307 }
        || (error is { Status: 400, Code: "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" or "301" or "" } && RegionOf(exception) is not null);
}
