using System.Globalization;
using System.Net;
using System.Text;
using Talon.Actors.Clients.Calls;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Clients.Aws;

/// <summary>
/// The metadata service of an EC2 instance, version 2: every question carries a session token. The token is kept for most of its life and asked anew when
/// the service no longer takes it. Safe for parallel use.
/// </summary>
internal sealed class InstanceMetadata(HttpClient http, Func<string, string?> variable, TimeProvider clock)
{
    /// <summary>Where the region stands.</summary>
    public const string RegionPath = "latest/meta-data/placement/region";

    private const string Doing = "ask the metadata service of the EC2 instance";
    private const int MostRead = 16 * 1024;

    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(6);
    private static readonly TimeSpan TokenKept = TokenLife - TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private string? _token;
    private long _tokenAt;

    /// <summary>Whether the environment forbids to ask (<c>AWS_EC2_METADATA_DISABLED=true</c>).</summary>
    public bool IsDisabled => string.Equals(variable("AWS_EC2_METADATA_DISABLED"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads one value. An empty text when the instance does not have it.</summary>
    /// <param name="path">For instance <c>latest/meta-data/placement/region</c>.</param>
    public async Task<(string? Text, AwsError? Error)> ReadAsync(string path, CallScope scope)
    {
        if (IsDisabled)
        {
            return (null, new AwsError(FailureKind.Unreachable, $"cannot {Doing}: AWS_EC2_METADATA_DISABLED is set"));
        }

        if (Address() is not { } address)
        {
            return (null, new AwsError(FailureKind.Unreachable, $"cannot {Doing}: AWS_EC2_METADATA_SERVICE_ENDPOINT is not a URL"));
        }

        try
        {
            for (int turn = 1; ; turn++)
            {
                var (token, problem) = await TokenAsync(address, scope);
                if (token is null)
                {
                    return (null, problem);
                }

                if (scope.Refusal() is { } refusal)
                {
                    return (null, new AwsError(FailureKind.NotSent, $"did not {Doing}: {refusal}"));
                }

                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
                request.Headers.TryAddWithoutValidation("X-aws-ec2-metadata-token", token);
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, scope.Token);
                switch (response.StatusCode)
                {
                    case HttpStatusCode.OK:
                        return (await TextAsync(response, scope.Token), null);
                    case HttpStatusCode.NotFound:
                        return ("", null);
                    case HttpStatusCode.Unauthorized when turn == 1:
                        Forget(token);
                        break;
                    default:
                        return (null, Refused(response));
                }
            }
        }
        catch (Exception e) when (AwsErrors.TryClassify(e, Doing, clock, out var error))
        {
            return (null, error);
        }
    }

    private async Task<(string? Token, AwsError? Error)> TokenAsync(Uri address, CallScope scope)
    {
        lock (_gate)
        {
            if (_token is { } kept && clock.GetElapsedTime(_tokenAt) < TokenKept)
            {
                return (kept, null);
            }
        }

        if (scope.Refusal() is { } refusal)
        {
            return (null, new AwsError(FailureKind.NotSent, $"did not {Doing}: {refusal}"));
        }

        long asked = clock.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(address, "latest/api/token"));
        request.Headers.TryAddWithoutValidation("X-aws-ec2-metadata-token-ttl-seconds", TokenLife.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, scope.Token);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return (null, Refused(response));
        }

        string token = await TextAsync(response, scope.Token);
        lock (_gate)
        {
            (_token, _tokenAt) = (token, asked);
        }

        return (token, null);
    }

    private void Forget(string token)
    {
        lock (_gate)
        {
            if (_token == token)
            {
                _token = null;
            }
        }
    }

    private AwsError Refused(HttpResponseMessage response) => AwsErrors.FromAnswer(Doing, (int)response.StatusCode, "", "", null, clock);

    private Uri? Address()
    {
        if (variable("AWS_EC2_METADATA_SERVICE_ENDPOINT") is { Length: > 0 } set)
        {
            return Uri.TryCreate(set.EndsWith('/') ? set : set + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;
        }

        bool six = string.Equals(variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), "IPv6", StringComparison.OrdinalIgnoreCase);
        return new Uri(six ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/");
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MostRead];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }
}
