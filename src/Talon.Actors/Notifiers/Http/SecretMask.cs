using System.Collections.Immutable;
using System.Text.Json;

namespace Talon.Actors.Notifiers.Http;

/// <summary>Takes secrets out of texts that the other side or a library says.</summary>
internal sealed class SecretMask
{
    private const string Mask = "[redacted]";
    private const int ShortestSecret = 4;

    private readonly ImmutableArray<string> _secrets;

    /// <param name="secrets">What no text may show. One of fewer than 4 characters is left alone: it would take letters out of words.</param>
    public SecretMask(IEnumerable<string> secrets) =>
        _secrets = [.. secrets.SelectMany(Forms).Where(secret => secret.Length >= ShortestSecret).Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length)];

    /// <summary>The text without the secrets.</summary>
    public string Of(string text) => _secrets.Aggregate(text, (masked, secret) => masked.Replace(secret, Mask, StringComparison.Ordinal));

    // An answer may repeat a secret as it stands in a URL or in JSON.
    private static IEnumerable<string> Forms(string secret) =>
        [secret, Uri.EscapeDataString(secret), JsonEncodedText.Encode(secret).Value, secret.Replace("/", "\\/", StringComparison.Ordinal)];
}
