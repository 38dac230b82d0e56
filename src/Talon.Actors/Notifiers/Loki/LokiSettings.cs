using System.Collections.Immutable;
using Talon.Actors.Notifiers.Http;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Loki;

/// <summary>The settings of <c>loki</c>.</summary>
/// <param name="Url">The server, without the path of the push API.</param>
/// <param name="User">The user of basic authentication; empty for none.</param>
/// <param name="ApiKey">Its password; a secret.</param>
/// <param name="Tenant">The tenant; empty for none.</param>
/// <param name="StructuredMetadata">Whether the fields of a record stand beside its line instead of in it.</param>
internal sealed record LokiSettings(
    string Url,
    string User,
    string ApiKey,
    string Tenant,
    bool StructuredMetadata,
    ImmutableSortedDictionary<string, string> CustomHeaders,
    TlsSettings Tls)
{
    public static ParameterSchema Schema { get; } = new(
    [
        HttpSettings.Server("The address of the server, without the path of the push API."),
        HttpSettings.User("api_key"),
        HttpSettings.Password("api_key"),
        new ParameterSpec
        {
            Name = "tenant",
            Type = ParameterType.Text,
            DefaultText = "none",
            Description = "The tenant, for the header X-Scope-OrgID.",
            Check = SettingChecks.HeaderValue,
        },
        new ParameterSpec
        {
            Name = "structured_metadata",
            Type = ParameterType.Flag,
            DefaultText = "false",
            Description = "Whether the fields of a record are sent as structured metadata instead of JSON in the line; needs schema v13.",
        },
        HttpSettings.CustomHeaders,
        .. TlsSettings.Specs,
    ])
    { Word = "setting", Check = TlsSettings.Check };

    /// <summary>Reads settings as written. The problems are empty when they are right.</summary>
    public static (LokiSettings Settings, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        var settings = new LokiSettings(
            map.GetText("url") ?? "",
            map.GetText("user") ?? "",
            map.GetText("api_key") ?? "",
            map.GetText("tenant") ?? "",
            map.GetFlag("structured_metadata") ?? false,
            HttpSettings.HeadersOf(map, "custom_headers"),
            TlsSettings.Of(map));
        return (settings, problems);
    }

    /// <summary>Leaves the secrets out: settings get printed.</summary>
    public override string ToString() => $"LokiSettings {{ User = {User}, Tenant = {Tenant}, CustomHeaders = {string.Join(", ", CustomHeaders.Keys)} }}";
}
