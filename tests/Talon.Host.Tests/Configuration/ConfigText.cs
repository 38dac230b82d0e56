using Talon.Host.Configuration;

namespace Talon.Host.Tests.Configuration;

/// <summary>Reads a configuration from a text in place of a file.</summary>
internal static class ConfigText
{
    public static ConfigResult Read(string text, Dictionary<string, string>? environment = null)
    {
        var errors = new ConfigErrorList();
        var entries = ConfigDocument.Read("config.yaml", text, errors);
        return ConfigReader.Combine(entries, errors, environment ?? []);
    }
}
