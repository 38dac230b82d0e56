using System.Collections.Immutable;
using MimeKit;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Smtp;

/// <summary>The settings of <c>smtp</c>.</summary>
internal sealed record SmtpSettings
{
    /// <summary>The server: a name or an address.</summary>
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    public required int Port { get; init; }

    /// <summary>The address of the sender.</summary>
    public required string From { get; init; }

    /// <summary>The addresses of the receivers.</summary>
    public required ImmutableArray<string> To { get; init; }

    /// <summary>The user to log in as; empty for no login.</summary>
    public string User { get; init; } = "";

    /// <summary>The password of the user; a secret.</summary>
    public string Password { get; init; } = "";

    /// <summary>Whether the mail is plain text alone.</summary>
    public bool IsText { get; init; }

    /// <summary>When the connection turns to TLS.</summary>
    public SmtpTls Mode { get; init; }

    /// <summary>Whether the login may be sent over a connection that anybody between can read.</summary>
    public bool AllowPlaintextAuth { get; init; }

    /// <summary>Whom to trust.</summary>
    public TlsSettings Tls { get; init; } = new("", "", "", false);

    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "host_port",
            Type = ParameterType.Text,
            Required = true,
            Description = "The server and its port.",
            Check = SettingChecks.HostPort,
        },
        new ParameterSpec
        {
            Name = "from",
            Type = ParameterType.Text,
            Required = true,
            Description = "The address of the sender.",
            Check = value => SettingChecks.MailAddress(value) ?? Mailboxes(value),
        },
        new ParameterSpec
        {
            Name = "to",
            Type = ParameterType.Text,
            Required = true,
            Description = "The addresses of the receivers, with commas between them.",
            Check = value => SettingChecks.MailAddresses(value) ?? Mailboxes(value),
        },
        new ParameterSpec
        {
            Name = "user",
            Type = ParameterType.Text,
            DefaultText = "no login",
            Description = "The user to log in as.",
        },
        new ParameterSpec
        {
            Name = "password",
            Type = ParameterType.Text,
            DefaultText = "none",
            IsSecret = true,
            Description = "The password of the user.",
        },
        new ParameterSpec
        {
            Name = "allow_plaintext_auth",
            Type = ParameterType.Flag,
            DefaultText = "false",
            Description = "Whether user and password may be sent without TLS.",
        },
        new ParameterSpec
        {
            Name = "format",
            Type = ParameterType.Text,
            DefaultText = "html",
            Description = "How the mail looks: html (with a text part), or text.",
            Check = SettingChecks.OneOf("html", "text"),
        },
        new ParameterSpec
        {
            Name = "tls",
            Type = ParameterType.Text,
            TakesFlag = true,
            DefaultText = "false",
            Description = "When the connection turns to TLS (1.2 or newer): starttls (or true), implicit (at once, as on port 465), none, or false: by STARTTLS if the server offers it.",
            Check = SettingChecks.OneOf("none", "starttls", "implicit", "true", "false"),
        },
        .. TlsSettings.Specs,
    ])
    { Word = "setting", Check = TlsSettings.Check };

    /// <summary>Reads settings as written. The problems are empty when they are right.</summary>
    public static (SmtpSettings Settings, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        SettingChecks.TryHostPort(map.GetText("host_port"), out string host, out int port);
        var settings = new SmtpSettings
        {
            Host = host,
            Port = port,
            From = (map.GetText("from") ?? "").Trim(),
            To = [.. (map.GetText("to") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            User = map.GetText("user") ?? "",
            Password = map.GetText("password") ?? "",
            IsText = map.GetText("format") == "text",
            Mode = ModeOf(map.GetText("tls")),
            AllowPlaintextAuth = map.GetFlag("allow_plaintext_auth") ?? false,
            Tls = TlsSettings.Of(map),
        };
        return (settings, problems);
    }

    /// <summary>Leaves the secret out: settings get printed.</summary>
    public override string ToString() => $"SmtpSettings {{ Host = {Host}, Port = {Port}, From = {From}, To = {string.Join(", ", To)}, Mode = {Mode} }}";

    // The mail library reads addresses its own way.
    private static string? Mailboxes(ParameterValue value) => (value as ParameterValue.Text)?.Value.Split(',').All(text => MailboxAddress.TryParse(text.Trim(), out _)) == false
        ? "must be a mail address, such as talon@example.org"
        : null;

    private static SmtpTls ModeOf(string? word) => word switch
    {
        "none" => SmtpTls.None,
        "starttls" or "true" => SmtpTls.StartTls,
        "implicit" => SmtpTls.Implicit,
        _ => SmtpTls.IfOffered,
    };
}
