using System.Collections.Immutable;
using Talon.Actors.Plugins;
using Talon.Rules.Catalog;

namespace Talon.Actors.Notifiers.Http;

/// <summary>The settings that notifiers over HTTP have under the same name and with the same meaning.</summary>
internal static class HttpSettings
{
    /// <summary>Headers beside those that the notifier sets; they often carry a token.</summary>
    public static ParameterSpec CustomHeaders { get; } = new()
    {
        Name = "custom_headers",
        Type = ParameterType.TextMap,
        DefaultText = "none",
        IsSecret = true,
        Description = "Further headers.",
        Check = SettingChecks.Headers,
    };

    /// <summary>Where to send.</summary>
    public static ParameterSpec Url(string description) => new()
    {
        Name = "url",
        Type = ParameterType.Text,
        Required = true,
        Description = description,
        Check = SettingChecks.Url,
    };

    /// <summary>The address of a server, to which a path is added.</summary>
    public static ParameterSpec Server(string description) => Url(description) with { Check = SettingChecks.Server };

    /// <summary>The user of basic authentication.</summary>
    /// <param name="password">The setting of its password.</param>
    public static ParameterSpec User(string password) => new()
    {
        Name = "user",
        Type = ParameterType.Text,
        DefaultText = "no login",
        Description = $"The user of basic authentication; needs {password}.",
    };

    /// <summary>The password of <see cref="User"/>.</summary>
    public static ParameterSpec Password(string name) => new()
    {
        Name = name,
        Type = ParameterType.Text,
        DefaultText = "none",
        IsSecret = true,
        Description = "The password of the user.",
    };

    /// <summary>The headers by name, in any case; a header without a value is left out.</summary>
    public static ImmutableSortedDictionary<string, string> HeadersOf(ParameterMap map, string name)
    {
        var headers = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (header, value) in map.GetTextMap(name))
        {
            if (value is not null)
            {
                headers[header] = value;
            }
        }

        return headers.ToImmutable();
    }
}
