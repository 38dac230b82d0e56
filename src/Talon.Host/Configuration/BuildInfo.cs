using System.Reflection;
using System.Runtime.InteropServices;

namespace Talon.Host.Configuration;

/// <summary>What this build is. A build that is not told its commit or date says <c>unknown</c>.</summary>
internal static class BuildInfo
{
    private const string Unknown = "unknown";

    /// <summary>The version, without the commit.</summary>
    public static string Version => Informational.Split('+')[0];

    public static string Commit => Informational.Split('+') is [_, { Length: > 0 } commit] ? commit : Unknown;

    /// <summary>Whether the tree was clean.</summary>
    public static string TreeState => Metadata("GitTreeState");

    public static string BuildDate => Metadata("BuildDate");

    public static string Runtime => RuntimeInformation.FrameworkDescription;

    /// <summary>Operating system and processor.</summary>
    public static string Platform =>
        $"{(OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : "windows")}/{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    private static string Informational =>
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "devel";

    private static string Metadata(string key) =>
        typeof(BuildInfo).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == key)?.Value is { Length: > 0 } value
            ? value
            : Unknown;
}
