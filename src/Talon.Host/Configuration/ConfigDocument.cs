namespace Talon.Host.Configuration;

internal static class ConfigDocument
{
    public static IReadOnlyList<ConfigEntry> Read(string path, string text, List<string> errors) => throw new NotImplementedException();
}
