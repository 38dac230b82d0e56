using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Talon.CloudApi.Aws;

/// <summary>Checks signatures of version 4 from the published rules, without a line of the SDK.</summary>
public sealed class SignatureCheck(IReadOnlyDictionary<string, (string Secret, string? Token)> keys)
{
    /// <summary>Null when the request is signed by one of the keys, otherwise what is wrong.</summary>
    public string? Problem(HttpRequest request, byte[] body)
    {
        string header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal))
        {
            return "not signed";
        }

        var parts = header["AWS4-HMAC-SHA256 ".Length..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        string[] credential = parts["Credential"].Split('/');
        if (!keys.TryGetValue(credential[0], out var key))
        {
            return $"no such key: {credential[0]}";
        }

        if ((request.Headers.TryGetValue("X-Amz-Security-Token", out var token) ? token.ToString() : null) != key.Token)
        {
            return "the session token is not that of the key";
        }

        string[] signed = parts["SignedHeaders"].Split(';');
        string[] present = [.. request.Headers.Keys.Select(name => name.ToLowerInvariant()).Where(name => name is "host" || name.StartsWith("x-amz-", StringComparison.Ordinal))];
        if (present.Except(signed, StringComparer.Ordinal).FirstOrDefault() is { } unsigned)
        {
            return $"the header {unsigned} is not signed";
        }

        string digest = Convert.ToHexStringLower(SHA256.HashData(body));
        if (request.Headers.TryGetValue("X-Amz-Content-SHA256", out var told) && told != digest)
        {
            return "the digest is not that of the body";
        }

        string canonical = $"{request.Method}\n{Path(request)}\n{Query(request)}\n{Headers(request, signed)}\n{parts["SignedHeaders"]}\n{digest}";
        string scope = string.Join('/', credential[1..]);
        string toSign = $"AWS4-HMAC-SHA256\n{request.Headers["X-Amz-Date"]}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        byte[] derived = Encoding.UTF8.GetBytes($"AWS4{key.Secret}");
        foreach (string part in credential[1..])
        {
            derived = Mac(derived, part);
        }

        return Convert.ToHexStringLower(Mac(derived, toSign)) == parts["Signature"] ? null : $"the signature does not match; the canonical request is {canonical}";
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Target(HttpRequest request) => request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;

    // Each segment as sent, escaped once more: so do all services but S3.
    private static string Path(HttpRequest request) => string.Join('/', Target(request).Split('?')[0].Split('/').Select(Uri.EscapeDataString));

    private static string Query(HttpRequest request) => Target(request).Split('?') is [_, var query]
        ? string.Join('&', query.Split('&').Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=").Order(StringComparer.Ordinal))
        : "";

    private static string Headers(HttpRequest request, string[] signed) =>
        string.Concat(signed.Select(name => $"{name}:{string.Join(',', request.Headers[name].ToArray()).Trim()}\n"));
}
