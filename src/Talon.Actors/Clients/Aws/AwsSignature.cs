using System.Net.Http.Headers;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Util;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Talon.Actors.Clients.Aws;

/// <summary>
/// Signs requests with the signer of the SDK (Signature Version 4), for services that Talon calls without the SDK's own client.
/// </summary>
internal static class AwsSignature
{
    /// <summary>Makes a signed request.</summary>
    /// <param name="endpoint">The address of the service, without a path.</param>
    /// <param name="path">The segments of the path, not escaped: each may hold any character.</param>
    /// <param name="query">The query, not escaped.</param>
    /// <param name="headers">Headers to sign and send.</param>
    /// <param name="service">The name of the service in signatures, for instance <c>lambda</c>.</param>
    public static HttpRequestMessage Request(
        HttpMethod method, Uri endpoint, IReadOnlyList<string> path, IReadOnlyList<(string Name, string Value)> query, IReadOnlyList<(string Name, string Value)> headers,
        ReadOnlyMemory<byte> body, ImmutableCredentials credentials, string region, string service)
    {
        string url = $"{endpoint.GetLeftPart(UriPartial.Authority)}/{string.Join('/', path.Select(Uri.EscapeDataString))}";
        if (query.Count > 0)
        {
            url += $"?{string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}"))}";
        }

        var message = new HttpRequestMessage(method, url);
        if (method != HttpMethod.Get)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        // The signer wants a request of the SDK; any will do, and what it says of the service is replaced.
        var signed = new DefaultRequest(new GetCallerIdentityRequest(), service)
        {
            HttpMethod = method.Method,
            Endpoint = new Uri(endpoint.GetLeftPart(UriPartial.Authority)),
            Content = body.ToArray(),
            AuthenticationRegion = region,
            OverrideSigningServiceName = service,
            SignatureVersion = SignatureVersion.SigV4,
            UseQueryString = query.Count > 0,
        };

        // Segments that are resources are escaped twice in what is signed, as the services do it.
        signed.ResourcePath = $"/{string.Join('/', path.Select((segment, at) =>
        {
            signed.AddPathResource($"{{p{at}}}", segment);
            return $"{{p{at}}}";
        }))}";
        foreach (var (name, value) in query)
        {
            signed.Parameters[name] = value;
        }

        foreach (var (name, value) in headers)
        {
            signed.Headers[name] = value;
        }

        if (credentials.UseToken)
        {
            signed.Headers["X-Amz-Security-Token"] = credentials.Token;
        }

        var config = new AmazonSecurityTokenServiceConfig { AuthenticationRegion = region, AuthenticationServiceName = service };
        var signature = new AWS4Signer(signPayload: true).SignRequest(signed, config, new RequestMetrics(), credentials.AccessKey, credentials.SecretKey);
        foreach (var (name, value) in signed.Headers)
        {
            if (name.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase))
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
        }

        message.Headers.TryAddWithoutValidation("Authorization", signature.ForAuthorizationHeader);
        return message;
    }
}
