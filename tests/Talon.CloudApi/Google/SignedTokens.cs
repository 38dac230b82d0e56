using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Talon.CloudApi.Google;

/// <summary>Makes and checks tokens that are signed with RS256.</summary>
public static class SignedTokens
{
    public static string Create(RSA key, object claims)
    {
        string signed = $"{Encode(new { alg = "RS256", typ = "JWT" })}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>The claims of a token of this key that is valid now; null for any other text.</summary>
    public static JsonElement? Read(RSA key, string token)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3 || !IsSigned(key, parts))
        {
            return null;
        }

        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return header.RootElement.GetProperty("alg").GetString() == "RS256"
            && claims.RootElement.GetProperty("exp").GetInt64() > now && claims.RootElement.GetProperty("iat").GetInt64() <= now + 5
            ? claims.RootElement.Clone()
            : null;
    }

    public static string? Claim(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool IsSigned(RSA key, string[] parts)
    {
        try
        {
            return key.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string Encode(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
