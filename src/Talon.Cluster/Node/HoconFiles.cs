using Akka.Configuration;

namespace Talon.Cluster.Node;

/// <summary>Reads the HOCON files that are embedded in this assembly.</summary>
internal static class HoconFiles
{
    /// <param name="name">Its name in the <c>hocon</c> folder, for instance <c>talon.conf</c>.</param>
    /// <exception cref="InvalidOperationException">No such file is embedded.</exception>
    public static Config Read(string name)
    {
        using var stream = typeof(HoconFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in {typeof(HoconFiles).Assembly.GetName().Name}");
        using var reader = new StreamReader(stream);
        return ConfigurationFactory.ParseString(reader.ReadToEnd());
    }
}
