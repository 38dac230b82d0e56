using System.Collections.Immutable;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Talon.Actors.Clients.Calls;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Aws;

/// <summary>
/// The credentials and region that all calls to AWS share. They are looked for on first use and, while there are none, again at most once a
/// second; what was found renews itself. Safe for parallel use.
/// </summary>
public sealed class AwsConnection : ICategoryProbe, IDisposable
{
    private const string Doing = "get credentials of AWS";

    private static readonly TimeSpan SearchTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RetrySearch = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly AwsOptions _options;
    private readonly Func<string, string?> _variable;
    private readonly TimeProvider _clock;
    private readonly DefaultAWSCredentialsIdentityResolver _chain = new();
    private readonly HttpClient _toInstance = AwsHttp.ForInstance();
    private Task<AwsAccessResult>? _search;
    private long? _failedAt;
    private RoleCredentials? _role;
    private bool _disposed;

    /// <summary>Makes a connection; nothing is read or sent yet.</summary>
    /// <param name="variable">The value of an environment variable; null when it is not set. The SDK's own chain reads those of the process.</param>
    public AwsConnection(AwsOptions options, Func<string, string?> variable, TimeProvider clock)
    {
        _options = options;
        _variable = variable;
        _clock = clock;
        Instance = new InstanceMetadata(_toInstance, variable, clock);
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Categories { get; } = ["aws"];

    /// <summary>The metadata service of the EC2 instance that Talon runs on.</summary>
    internal InstanceMetadata Instance { get; }

    /// <summary>For calls that are not made by the SDK.</summary>
    internal HttpClient Http { get; } = AwsHttp.ForServices();

    /// <summary>Whether the environment asks for endpoints that are validated under FIPS 140 (<c>AWS_USE_FIPS_ENDPOINT=true</c>).</summary>
    internal bool UsesFips => IsTrue("AWS_USE_FIPS_ENDPOINT");

    /// <summary>The clock.</summary>
    internal TimeProvider Clock => _clock;

    /// <summary>Asks STS who the credentials belong to, a call that needs no right. Null when it answered, otherwise one line that says what is wrong.</summary>
    public async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!(await ConnectAsync(cancellationToken)).TryGet(out var access, out var error))
            {
                return error.Message;
            }

            using var sts = new AmazonSecurityTokenServiceClient(access.Credentials, StsConfig(access.Region));
            await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest(), cancellationToken);
            return null;
        }
        catch (Exception e) when (AwsErrors.TryClassify(e, "ask AWS who Talon is (sts:GetCallerIdentity)", _clock, out var error))
        {
            return error.Message;
        }
    }

    /// <summary>The settings without the keys.</summary>
    public override string ToString() => _options.ToString();

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _role?.Dispose();
            _chain.Dispose();
            _toInstance.Dispose();
            Http.Dispose();
        }
    }

    /// <summary>
    /// The credentials and region for a client. Credentials that ran out are renewed now, so that a call made with them right away asks nobody else first.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token ended the wait.</exception>
    internal async Task<AwsAccessResult> ConnectAsync(CancellationToken cancellationToken)
    {
        var result = await Search().WaitAsync(cancellationToken);
        if (result.Access is not { } access)
        {
            return result;
        }

        try
        {
            await access.Credentials.GetCredentialsAsync().WaitAsync(cancellationToken);
            return result;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new AwsAccessResult(null, AwsErrors.OfCredentials(e, Doing, _clock));
        }
    }

    /// <summary>
    /// The address that the environment sets for a service, as the SDK reads it: <c>AWS_ENDPOINT_URL_LAMBDA</c>, or <c>AWS_ENDPOINT_URL</c> for all. Null when
    /// the address follows from the region.
    /// </summary>
    /// <param name="service">The id of the service in capitals, for instance <c>LAMBDA</c>.</param>
    internal Uri? Endpoint(string service)
    {
        if (IsTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))
        {
            return null;
        }

        return Uri.TryCreate(Variable($"AWS_ENDPOINT_URL_{service}") ?? Variable("AWS_ENDPOINT_URL"), UriKind.Absolute, out var url) ? url : null;
    }

    private Task<AwsAccessResult> Search()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            bool again = _search is null || (_failedAt is { } at && _clock.GetElapsedTime(at) >= RetrySearch);
            if (again)
            {
                _failedAt = null;
                _search = Task.Run(SearchAsync);
            }

            return _search!;
        }
    }

    private async Task<AwsAccessResult> SearchAsync()
    {
        var result = await FindAsync();
        if (result.Access is null)
        {
            lock (_gate)
            {
                _failedAt = _clock.GetTimestamp();
            }
        }

        return result;
    }

    private async Task<AwsAccessResult> FindAsync()
    {
        using var time = new CancellationTokenSource(SearchTime, _clock);
        try
        {
            if (await FindRegionAsync(time.Token) is not { } region)
            {
                return Failed("no region: neither aws.region nor the environment, a profile or the instance names one");
            }

            return await SourceAsync(time.Token) is { } source
                ? new AwsAccessResult(new AwsAccess(WithRole(source, region), region), null)
                : Failed("one of aws.access_key and aws.secret_key is set, and the environment does not have the other");
        }
        catch (Exception e)
        {
            // The chain ends with exceptions of any kind: each link has its own.
            return new AwsAccessResult(null, AwsErrors.OfCredentials(e, Doing, _clock));
        }
    }

    private static AwsAccessResult Failed(string message) => new(null, new AwsError(FailureKind.Unreachable, message));

    private async Task<RegionEndpoint?> FindRegionAsync(CancellationToken cancellationToken)
    {
        if ((_options.Region is { Length: > 0 } set ? set : Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION")) is { } named)
        {
            return RegionEndpoint.GetBySystemName(named);
        }

        if (FallbackRegionFactory.GetRegionEndpoint(includeInstanceMetadata: false) is { } ofProfile)
        {
            return ofProfile;
        }

        var (text, _) = await Instance.ReadAsync(InstanceMetadata.RegionPath, new CallScope(_clock, SearchTime, static () => true, cancellationToken));
        return text is { Length: > 0 } ? RegionEndpoint.GetBySystemName(text) : null;
    }

    // Null when half of a pair is missing.
    private async Task<AWSCredentials?> SourceAsync(CancellationToken cancellationToken)
    {
        if (_options is { AccessKey.Length: 0, SecretKey.Length: 0 })
        {
            return await _chain.ResolveIdentityAsync(null, cancellationToken).WaitAsync(cancellationToken);
        }

        string? key = _options.AccessKey is { Length: > 0 } access ? access : Variable("AWS_ACCESS_KEY_ID");
        string? secret = _options.SecretKey is { Length: > 0 } hidden ? hidden : Variable("AWS_SECRET_ACCESS_KEY");
        return key is null || secret is null ? null
            : _options.AccessKey.Length == 0 && Variable("AWS_SESSION_TOKEN") is { } token ? new SessionAWSCredentials(key, secret, token)
            : new BasicAWSCredentials(key, secret);
    }

    private AWSCredentials WithRole(AWSCredentials source, RegionEndpoint region)
    {
        // The role that a pod has by its web identity is in the environment under the name that Talon reads as aws.role_arn too.
        if (_options.RoleArn.Length == 0 || (_options.RoleArn == Variable("AWS_ROLE_ARN") && Variable("AWS_WEB_IDENTITY_TOKEN_FILE") is not null))
        {
            return source;
        }

        return _role = new RoleCredentials(source, StsConfig(region), _options.RoleArn, _options.ExternalId);
    }

    private AmazonSecurityTokenServiceConfig StsConfig(RegionEndpoint region)
    {
        var config = new AmazonSecurityTokenServiceConfig
        {
            RegionEndpoint = region,
            MaxErrorRetry = 1,

            // Counted apart, and otherwise up to ten.
            MaxStaleConnectionRetries = 0,
            Timeout = TimeSpan.FromSeconds(5),
            ConnectTimeout = TimeSpan.FromSeconds(3),
            AllowAutoRedirect = false,
        };
        if (Endpoint("STS") is { } url)
        {
            config.ServiceURL = url.ToString();
            config.AuthenticationRegion = region.SystemName;
        }

        return config;
    }

    private bool IsTrue(string name) => string.Equals(Variable(name), "true", StringComparison.OrdinalIgnoreCase);

    private string? Variable(string name) => _variable(name) is { Length: > 0 } value ? value : null;
}
