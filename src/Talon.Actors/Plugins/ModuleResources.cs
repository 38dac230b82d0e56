namespace Talon.Actors.Plugins;

/// <summary>Reads the files that are embedded beside a plug-in: <c>example.yaml</c> and <c>rbac.yaml</c>.</summary>
internal static class ModuleResources
{
    /// <summary>The example of a plug-in; each one that a rule or the configuration can name has one.</summary>
    /// <param name="plugIn">A type of its folder; the namespace mirrors the folder.</param>
    /// <exception cref="InvalidOperationException">The folder has no such file.</exception>
    public static string Example(Type plugIn) =>
        Read(plugIn, "example.yaml") ?? throw new InvalidOperationException($"{plugIn.Namespace} has no example.yaml");

    /// <summary>The rights of a plug-in in Kubernetes; empty when it needs none.</summary>
    public static string Rbac(Type plugIn) => Read(plugIn, "rbac.yaml") ?? "";

    private static string? Read(Type plugIn, string file)
    {
        using var stream = plugIn.Assembly.GetManifestResourceStream(plugIn, file);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
