using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Talon.Actors.Clients.Aws;

/// <summary>
/// Credentials of a role that others are allowed to assume. The SDK's own take their region only from the environment, so that a configured one
/// would not count.
/// </summary>
internal sealed class RoleCredentials : RefreshingAWSCredentials
{
    private const string SessionName = "talon";

    private readonly AmazonSecurityTokenServiceClient _sts;
    private readonly AssumeRoleRequest _request;

    /// <param name="externalId">Empty for none.</param>
    public RoleCredentials(AWSCredentials source, AmazonSecurityTokenServiceConfig config, string roleArn, string externalId)
    {
        _sts = new AmazonSecurityTokenServiceClient(source, config);
        _request = new AssumeRoleRequest { RoleArn = roleArn, RoleSessionName = SessionName, ExternalId = externalId.Length > 0 ? externalId : null };

        // Renewed this long before they end.
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        var answer = await _sts.AssumeRoleAsync(_request);
        var credentials = answer.Credentials;
        return new CredentialsRefreshState(
            new ImmutableCredentials(credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken),
            credentials.Expiration ?? throw new AmazonClientException("the credentials of the role do not say when they end"));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sts.Dispose();
        }

        base.Dispose(disposing);
    }
}
