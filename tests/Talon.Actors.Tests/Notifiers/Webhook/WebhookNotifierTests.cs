using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Notifiers;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Notifiers.Webhook;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Notifiers.Http;
using Talon.Actors.Tests.Pipeline.Notifying;
using Talon.Rules.Catalog;
using Talon.Rules.Loading.Compiling;
using Talon.Rules.Yaml;

namespace Talon.Actors.Tests.Notifiers.Webhook;

public sealed class WebhookNotifierTests : HttpNotifierContract
{
    private static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 11, 25, 10, 0, 0, TimeSpan.Zero));

    public static TheoryData<string> Names { get; } = ["success", "failure", "ignored", "check", "output", "talon"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Send_Record_IsItsJson(string name)
    {
        var request = await SendOneAsync("{}", Named(name));

        Assert.Equal(("POST", "/sink?x=1", "application/json; charset=utf-8"), (request.Method, request.Path, request.Header("Content-Type")));
        Assert.Equal(("falco-talon", Named(name).Id), (request.Header("User-Agent"), request.Header("Idempotency-Key")));
        Assert.Null(request.Header("X-Talon-Signature"));
        Golden.AssertSame($"Webhook/Golden/{name}.json", request.Body);
    }

    // https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#3-envelope
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Send_CloudEvent_IsStructured(string name)
    {
        var request = await SendOneAsync("body: cloudevents", Named(name));

        Assert.Equal("application/cloudevents+json; charset=utf-8", request.Header("Content-Type"));
        Golden.AssertSame($"Webhook/Golden/{name}.cloudevent.json", request.Body);
        using var json = JsonDocument.Parse(request.Body);
        Assert.Equal(("1.0", Named(name).Id), (json.RootElement.GetProperty("specversion").GetString(), json.RootElement.GetProperty("id").GetString()));
        Assert.Equal(Named(name).Kind, json.RootElement.GetProperty("data").GetProperty("message").GetString());
    }

    // https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode
    [Fact]
    public async Task Send_CloudEvent_MayHaveItsAttributesInHeaders()
    {
        var record = Records.Failure with { Rule = "Shell \"é\"" };

        var request = await SendOneAsync("{body: cloudevents, cloudevents_mode: binary}", record);

        Assert.Equal(
            ("1.0", record.Id, "org.falcosecurity.talon.action", "urn:falcosecurity:talon", "2026-11-25T10:00:00Z", "Shell%20%22%C3%A9%22"),
            (request.Header("ce-specversion"), request.Header("ce-id"), request.Header("ce-type"), request.Header("ce-source"), request.Header("ce-time"), request.Header("ce-subject")));
        Assert.Equal("application/json", request.Header("Content-Type"));
        using var sent = JsonDocument.Parse(request.Body);
        using var made = JsonDocument.Parse(RecordJson.ToUtf8(record));
        Assert.True(JsonElement.DeepEquals(made.RootElement, sent.RootElement), request.Text);
    }

    [Fact]
    public async Task Send_Template_IsWhatItMakes()
    {
        var request = await SendOneAsync("{body: template, template: '{\"summary\": \"{{ status | upcase }}: {{ event }}\", \"pod\": \"{{ objects.Pod }}\"}'}", Records.Failure);

        using var json = JsonDocument.Parse(request.Body);
        Assert.Equal($"FAILURE: {Records.Failure.Event}", json.RootElement.GetProperty("summary").GetString());
        Assert.Equal("cart-1", json.RootElement.GetProperty("pod").GetString());
        Assert.Equal("application/json; charset=utf-8", request.Header("Content-Type"));
    }

    [Fact]
    public async Task Send_Get_HasNoBody()
    {
        var request = await SendOneAsync("{http_method: GET, hmac_secret: s}", Records.Success);

        Assert.Equal(("GET", 0), (request.Method, request.Body.Length));
        Assert.Null(request.Header("Content-Type"));
        Assert.Equal(Sign("s", "1795600800", []), request.Header("X-Talon-Signature"));
    }

    [Theory]
    [InlineData("{hmac_secret: \"é s3cret\"}")]
    [InlineData("{hmac_secret: \"é s3cret\", body: cloudevents}")]
    [InlineData("{hmac_secret: \"é s3cret\", body: template, template: \"{{ event }}\", content_type: text/plain}")]
    public async Task Send_Signed_CanBeCheckedWithTheSecret(string settings)
    {
        var request = await SendOneAsync(settings, Records.Failure);

        Assert.Equal(Sign("é s3cret", "1795600800", request.Body), request.Header("X-Talon-Signature"));
    }

    [Fact]
    public async Task Send_HeadersOfTheConfiguration_AreSentButNotOverOurs()
    {
        var request = await SendOneAsync(
            "{http_method: PUT, user_agent: mine, content_type: application/x-talon+json, hmac_secret: s, "
            + "custom_headers: {X-Key: k, Authorization: Bearer b, user-agent: other, Content-Type: text/html, idempotency-key: other, X-Talon-Signature: other}}",
            Records.Success);

        Assert.Equal(("PUT", "k", "Bearer b"), (request.Method, request.Header("X-Key"), request.Header("Authorization")));
        Assert.Equal(("mine", "application/x-talon+json", Records.Success.Id), (request.Header("User-Agent"), request.Header("Content-Type"), request.Header("Idempotency-Key")));
        Assert.StartsWith("t=", request.Header("X-Talon-Signature"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_UserInTheAddress_LogsIn()
    {
        await using var server = await LocalServer.StartAsync(200);
        using var notifier = Notifier(server.Url.Replace("://", "://me:p%40ss@", StringComparison.Ordinal), "{}");

        await notifier.SendAsync([Notifications.Of()], CancellationToken.None);

        Assert.Equal($"Basic {Convert.ToBase64String("me:p@ss"u8)}", Assert.Single(server.Requests).Header("Authorization"));
    }

    private protected override INotifier Make(string url, TlsSettings tls, IWebProxy? proxy) => new WebhookNotifier(
        Settings($"{url}/hooks/{Uri.EscapeDataString(Canary)}?key={Uri.EscapeDataString(Canary)}", $"{{custom_headers: {{X-Key: {Canary}}}, hmac_secret: {Canary}}}") with { Tls = tls },
        TimeProvider.System,
        proxy);

    private protected override Task AnswerAsync(HttpContext context, LocalRequest request) => LocalServer.AnswerAsync(context, 202, "", "text/plain");

    private static Notification Named(string name) => name switch
    {
        "success" => Records.Success,
        "failure" => Records.Failure,
        "ignored" => Records.Ignored,
        "check" => Records.Check,
        "output" => Records.Output,
        _ => Records.OfTalon,
    };

    // The few lines of a receiver.
    private static string Sign(string secret, string time, byte[] body)
    {
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(secret));
        byte[] signed = Encoding.ASCII.GetBytes(time + ".").Concat(body).ToArray();
        return $"t={time},v1={BitConverter.ToString(hmac.ComputeHash(signed)).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()}";
    }

    private static async Task<LocalRequest> SendOneAsync(string settings, Notification record)
    {
        await using var server = await LocalServer.StartAsync(200);
        using var notifier = Notifier($"{server.Url}/sink?x=1", settings);
        Assert.IsType<NotifyResult.Delivered>(await notifier.SendAsync([record], CancellationToken.None));
        return Assert.Single(server.Requests);
    }

    private static WebhookNotifier Notifier(string url, string settings) => new(Settings(url, settings), Clock);

    private static WebhookSettings Settings(string url, string yaml)
    {
        var written = ParameterNodes.ToMap((YamlNode.Mapping)YamlDocument.Read("settings.yaml", yaml).Documents[0]).With("url", new ParameterValue.Text(url));
        var (settings, problems) = WebhookSettings.Read(written);
        Assert.Empty(problems);
        return settings;
    }
}
