using System.Collections.Immutable;
using System.Net;
using Talon.Actors.Clients.Calls;
using Talon.Rules.Outcomes;
using Talon.Rules.Text;

namespace Talon.Actors.Clients.Gcp;

/// <summary>
/// The credentials and project that all calls to Google Cloud share. Credentials are looked for at every use, so a file that changed counts
/// at once, and a failure is never remembered.
/// </summary>
public sealed class GcpConnection : ICategoryProbe, IDisposable
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(10);

    private readonly GcpOptions _options;
    private readonly GcpEnvironment _environment;
    private readonly CredentialSource _source;
    private volatile GcpCredentials? _current;
    private volatile string? _projectOfMachine;

    /// <summary>Makes a connection. Nothing is read or sent before it is used.</summary>
    /// <param name="environment">Null for that of this process.</param>
    public GcpConnection(GcpOptions options, TimeProvider clock, GcpEnvironment? environment = null)
    {
        _options = options;
        _environment = environment ?? GcpEnvironment.Process;
        _source = new CredentialSource(options, _environment);
        Clock = clock;
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Categories => ["gcp"];

    /// <summary>The region of functions whose action names none; empty for none.</summary>
    internal string Region => _options.Region;

    /// <summary>The clock.</summary>
    internal TimeProvider Clock { get; }

    /// <summary>Where the services are.</summary>
    internal GcpEnvironment Services => _environment;

    /// <summary>The way to them.</summary>
    internal GcpTransport Transport { get; } = new();

    /// <inheritdoc/>
    public async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = Clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), stop, ProbeTime, Timeout.InfiniteTimeSpan);
        var scope = new CallScope(Clock, ProbeTime, static () => true, stop.Token);
        return (await AccessTokenAsync(scope)).TryGet(out _, out var error) ? null : error.Message;
    }

    /// <inheritdoc/>
    public void Dispose() => Transport.Dispose();

    /// <summary>Leaves the credentials out.</summary>
    public override string ToString() => $"{nameof(GcpConnection)} {{ {_options} }}";

    /// <summary>Why nothing may be sent any more; null while it may.</summary>
    internal static string? Refusal(CallScope scope) => scope.Refusal() ?? (scope.Token.IsCancellationRequested ? "the attempt was stopped" : null);

    /// <summary>An access token for all of Google Cloud.</summary>
    internal Task<GcpResult<string>> AccessTokenAsync(CallScope scope) =>
        TokenAsync("get an access token", scope, async (credentials, token) => await credentials.AccessTokenAsync(token));

    /// <summary>An ID token for one service.</summary>
    /// <param name="audience">The URL of the service.</param>
    internal Task<GcpResult<string>> IdTokenAsync(string audience, CallScope scope) =>
        TokenAsync("get an ID token", scope, async (credentials, token) => await credentials.IdTokenAsync(audience, token));

    /// <summary>The credentials as they are now.</summary>
    internal async Task<GcpResult<GcpCredentials>> CredentialsAsync(CallScope scope)
    {
        if (Refusal(scope) is { } refusal)
        {
            return new GcpError(FailureKind.NotSent, $"did not read the credentials: {refusal}");
        }

        try
        {
            if (!(await _source.FindAsync(scope.Token)).TryGet(out var found, out var problem))
            {
                return problem;
            }

            if (_current is { } current && current.Text == (found.Json ?? _environment.MetadataUrl))
            {
                return current;
            }

            if (found.Json is null)
            {
                return _current = GcpCredentials.OfMachine(_environment.MetadataUrl, Transport);
            }

            var parsed = GcpCredentials.Parse(found.Json, found.Where, Transport, Clock);
            if (parsed.TryGet(out var credentials, out _))
            {
                _current = credentials;
            }

            return parsed;
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return new GcpError(FailureKind.Timeout, "cannot read the credentials: no end before the deadline");
        }
    }

    /// <summary>The project: of the configuration, else of the credentials, else of the metadata server.</summary>
    internal async Task<GcpResult<string>> ProjectAsync(CallScope scope)
    {
        if (_options.Project.Length > 0)
        {
            return _options.Project;
        }

        return (await CredentialsAsync(scope)).TryGet(out var credentials, out var error)
            ? credentials.Project ?? _projectOfMachine ?? await AskForProjectAsync(scope)
            : error;
    }

    /// <summary>Lets the tokens go: one of them was not accepted.</summary>
    internal void Forget() => _current = null;

    private async Task<GcpResult<string>> TokenAsync(string doing, CallScope scope, Func<GcpCredentials, CancellationToken, Task<string?>> get)
    {
        if (!(await CredentialsAsync(scope)).TryGet(out var credentials, out var error))
        {
            return error;
        }

        try
        {
            return await get(credentials, scope.Token) is { } token
                ? token
                : new GcpError(FailureKind.Invalid, $"cannot {doing}: credentials of this type make none; use a service account, or impersonate one");
        }
        catch (Exception e) when (GcpErrors.TryClassify(e, doing, out error) || IsOutOfTries(e, doing, out error))
        {
            Forget();
            return error;
        }
    }

    // So the library ends when every try of its own took too long; a try that it began goes on without us.
    private static bool IsOutOfTries(Exception e, string doing, out GcpError error)
    {
        error = new GcpError(FailureKind.Unreachable, $"cannot {doing}: no answer");
        return e is InvalidOperationException;
    }

    private async Task<GcpResult<string>> AskForProjectAsync(CallScope scope)
    {
        const string Doing = "ask the metadata server for the project";
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{_environment.MetadataUrl}/computeMetadata/v1/project/project-id");
            request.Headers.Add("Metadata-Flavor", "Google");
            using var response = await Transport.Client.SendAsync(request, scope.Token);
            if (response.StatusCode != HttpStatusCode.OK || !response.Headers.TryGetValues("Metadata-Flavor", out var flavor) || !flavor.Contains("Google", StringComparer.Ordinal))
            {
                return GcpErrors.FromStatus(response.StatusCode, Doing, "it is no project of Google; set gcp.project") with { Kind = FailureKind.Unreachable };
            }

            string project = OneLine.From(await response.Content.ReadAsStringAsync(scope.Token));
            _projectOfMachine = project;
            return project;
        }
        catch (Exception e) when (GcpErrors.TryClassify(e, Doing, out var error))
        {
            return error with { Message = $"{error.Message}; set gcp.project" };
        }
    }
}
