using System.Diagnostics.CodeAnalysis;
using Amazon;
using Amazon.Runtime;

namespace Talon.Actors.Clients.Aws;

/// <summary>What a client of AWS is made of.</summary>
/// <param name="Credentials">Credentials that renew themselves; they were there a moment ago.</param>
/// <param name="Region">The region to call.</param>
internal sealed record AwsAccess(AWSCredentials Credentials, RegionEndpoint Region)
{
    /// <summary>Leaves the credentials out.</summary>
    public override string ToString() => $"AwsAccess {{ Region = {Region.SystemName} }}";
}

/// <summary>The way to AWS, or why there is none now. The reason may be another the next time.</summary>
internal readonly record struct AwsAccessResult(AwsAccess? Access, AwsError? Error)
{
    /// <summary>The access; when there is none, the error.</summary>
    public bool TryGet([NotNullWhen(true)] out AwsAccess? access, [NotNullWhen(false)] out AwsError? error)
    {
        access = Access;
        error = Error;
        return access is not null;
    }
}
