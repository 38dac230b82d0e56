using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Webhook;

/// <summary><c>webhook</c>: one request a record, with the id of the record as its idempotency key.</summary>
internal sealed class WebhookNotifier : INotifier, IDisposable
{
    private const string SignatureHeader = "X-Talon-Signature";
    private const string IdempotencyHeader = "Idempotency-Key";

    private readonly WebhookSettings _settings;
    private readonly TimeProvider _clock;
    private readonly NotifierHttp _http;
    private readonly AuthenticationHeaderValue? _login;
    private readonly BodyTemplate? _template;

    /// <summary>Makes the notifier.</summary>
    /// <param name="settings">The settings, which are right.</param>
    /// <param name="proxy">The proxy; null for that of the environment.</param>
    /// <exception cref="SettingException">A file of the settings cannot be used.</exception>
    public WebhookNotifier(WebhookSettings settings, TimeProvider clock, IWebProxy? proxy = null)
    {
        _settings = settings;
        _clock = clock;
        string[] user = new Uri(settings.Url, UriKind.Absolute).UserInfo.Split(':', 2);
        _login = user.Length == 2 ? RequestHeaders.Basic(Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user[1])) : null;
        _template = settings.Body == WebhookBody.Template ? BodyTemplate.Of(settings.Template, settings.ContentType) : null;
        _http = new NotifierHttp(
            "webhook", settings.Tls, clock, proxy, [.. UrlSecrets.Of(settings.Url), .. settings.CustomHeaders.Values.SelectMany(Tokens), settings.HmacSecret]);
    }

    public NotifierDescriptor Descriptor => WebhookModule.Module.Descriptor;

    /// <summary>One: each is a request of its own.</summary>
    public int BatchSize => 1;

    public async Task<NotifyResult> SendAsync(ImmutableArray<Notification> batch, CancellationToken cancellationToken)
    {
        NotifyResult result = new NotifyResult.Delivered();
        foreach (var record in batch)
        {
            result = await SendAsync(record, cancellationToken);
            if (result is not NotifyResult.Delivered)
            {
                break;
            }
        }

        return result;
    }

    public void Dispose() => _http.Dispose();

    private async Task<NotifyResult> SendAsync(Notification record, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(_settings.HttpMethod), _settings.Url);
        byte[] body = [];
        if (_settings.HttpMethod != HttpMethod.Get.Method)
        {
            try
            {
                request.Content = ContentOf(record);
            }
            catch (BodyTemplateException e)
            {
                return new NotifyResult.Refused(_http.Masked($"the template cannot be used on this record: {e.Message}"));
            }

            body = await request.Content.ReadAsByteArrayAsync(cancellationToken);
        }

        RequestHeaders.Set(request, _settings.CustomHeaders, _login);
        Replace(request, "User-Agent", _settings.UserAgent);
        Replace(request, IdempotencyHeader, record.Id);
        if (_settings.HmacSecret.Length > 0)
        {
            Replace(request, SignatureHeader, Signature(body));
        }

        return _http.Judge(await _http.SendAsync(request, cancellationToken));
    }

    private HttpContent ContentOf(Notification record)
    {
        if (_settings.Body is WebhookBody.CloudEventStructured or WebhookBody.CloudEventBinary)
        {
            return CloudEventBody.Make(record, isBinary: _settings.Body == WebhookBody.CloudEventBinary);
        }

        var content = new ByteArrayContent(_template?.Render(record) ?? RecordJson.ToUtf8(record));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(_settings.ContentType);
        return content;
    }

    private string Signature(byte[] body)
    {
        string time = _clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{time}."), .. body];
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(_settings.HmacSecret), signed);
        return $"t={time},v1={Convert.ToHexStringLower(mac)}";
    }

    // A header such as "Bearer x" may be repeated by its token alone.
    private static IEnumerable<string> Tokens(string header) => header.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length >= 8).Append(header);

    private static void Replace(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }
}
