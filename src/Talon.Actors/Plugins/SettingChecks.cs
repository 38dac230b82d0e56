using System.Buffers;
using System.Net.Http.Headers;
using Talon.Rules.Catalog;

namespace Talon.Actors.Plugins;

/// <summary>Checks that several plug-ins ask of their parameters and settings. Null means right. No message repeats a value: it may be secret.</summary>
internal static class SettingChecks
{
    // RFC 9110, section 5.6.2.
    private static readonly SearchValues<char> TokenLetters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static string? NotEmpty(ParameterValue value) => string.IsNullOrWhiteSpace(TextOf(value)) ? "must not be empty" : null;

    public static string? Url(ParameterValue value) =>
        Uri.TryCreate(TextOf(value), UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? null
            : "must be an absolute URL that begins with http:// or https://";

    /// <summary>A URL that a path can be added to.</summary>
    public static string? Server(ParameterValue value) =>
        Url(value) ?? (TextOf(value).AsSpan().ContainsAny('?', '#') ? "must be the address of a server, without ? and #" : null);

    public static string? UrlOrEmpty(ParameterValue value) => TextOf(value).Length == 0 ? null : Url(value);

    public static Func<ParameterValue, string?> OneOf(params string[] words) =>
        value => words.Contains(TextOf(value), StringComparer.Ordinal) ? null : $"must be {string.Join(", ", words[..^1])} or {words[^1]}";

    public static string? MediaType(ParameterValue value) =>
        MediaTypeHeaderValue.TryParse(TextOf(value), out _) ? null : "must be a media type such as application/json; charset=utf-8";

    /// <summary>What may stand in a header line: printable ASCII, so that no value can begin another line.</summary>
    public static string? HeaderValue(ParameterValue value) => IsHeaderValue(TextOf(value)) ? null : "must be printable ASCII without line breaks";

    public static string? Headers(ParameterValue value)
    {
        foreach (var (name, text) in value is ParameterValue.Map map ? map.Entries : ParameterMap.Empty)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenLetters))
            {
                return "has a header whose name is none: letters, digits and - are usual";
            }

            if (!IsHeaderValue(TextOf(text)))
            {
                return $"the value of header {name} must be printable ASCII without line breaks";
            }
        }

        return null;
    }

    public static string? HostPort(ParameterValue value) =>
        TryHostPort(TextOf(value), out _, out _) ? null : "must be a host and a port from 1 to 65535, such as smtp.example.org:587";

    public static bool TryHostPort(string? text, out string host, out int port)
    {
        bool right = Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var uri) && uri.Port > 0 && uri.Authority == text && uri.UserInfo.Length == 0;
        host = right ? uri!.IdnHost : "";
        port = right ? uri!.Port : 0;
        return right;
    }

    public static string? MailAddress(ParameterValue value) =>
        IsMailAddress(TextOf(value)) ? null : "must be a mail address, such as talon@example.org";

    public static string? MailAddresses(ParameterValue value) =>
        TextOf(value).Split(',').All(IsMailAddress) ? null : "must be mail addresses with commas between them, such as a@example.org, b@example.org";

    private static bool IsMailAddress(string text) =>
        !text.Any(char.IsControl) && System.Net.Mail.MailAddress.TryCreate(text.Trim(), out _);

    private static bool IsHeaderValue(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    private static string TextOf(ParameterValue value) => (value as ParameterValue.Text)?.Value ?? "";
}
