using System.Collections.Immutable;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Smtp;

/// <summary>The settings of <c>smtp</c>.</summary>
/// <param name="User">The user to log in as; empty for no login.</param>
/// <param name="IsText">Whether the mail is plain text alone.</param>
/// <param name="RequiresTls">Whether the connection must turn to TLS before anything is sent.</param>
internal sealed record SmtpSettings(
    string Host, int Port, string From, ImmutableArray<string> To, string User, string Password, bool IsText, bool RequiresTls)
{
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
            Check = SettingChecks.MailAddress,
        },
        new ParameterSpec
        {
            Name = "to",
            Type = ParameterType.Text,
            Required = true,
            Description = "The addresses of the receivers, with commas between them.",
            Check = SettingChecks.MailAddresses,
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
            Name = "format",
            Type = ParameterType.Text,
            DefaultText = "html",
            Description = "How the mail looks: html (with a text part), or text.",
            Check = SettingChecks.OneOf("html", "text"),
        },
        new ParameterSpec
        {
            Name = "tls",
            Type = ParameterType.Flag,
            DefaultText = "false",
            Description = "Whether the connection must turn to TLS (STARTTLS, 1.2 or newer) before anything is sent.",
        },
    ])
    { Word = "setting" };

    /// <summary>Reads settings as written. The problems are empty when they are right.</summary>
    public static (SmtpSettings Settings, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        SettingChecks.TryHostPort(map.GetText("host_port"), out string host, out int port);
        var settings = new SmtpSettings(
            host,
            port,
            map.GetText("from") ?? "",
            [.. (map.GetText("to") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            map.GetText("user") ?? "",
            map.GetText("password") ?? "",
            map.GetText("format") == "text",
            map.GetFlag("tls") ?? false);
        return (settings, problems);
    }

    /// <summary>Leaves the secret out: settings get printed.</summary>
    public override string ToString() => $"SmtpSettings {{ Host = {Host}, Port = {Port}, From = {From}, To = {string.Join(", ", To)}, RequiresTls = {RequiresTls} }}";
}
