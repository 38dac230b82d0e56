namespace Talon.Actors.Plugins;

/// <summary>Reads the files that are embedded beside a module: <c>example.yaml</c> and <c>rbac.yaml</c>.</summary>
internal static class ModuleResources
{
    /// <summary>Reads a file from the folder of a module.</summary>
    /// <param name="module">A type of that folder; its namespace mirrors the folder.</param>
    /// <param name="file">The name of the file.</param>
    /// <exception cref="InvalidOperationException">The module brings no such file.</exception>
    public static string Read(Type module, string file)
    {
        using var stream = module.Assembly.GetManifestResourceStream(module, file)
            ?? throw new InvalidOperationException($"{module.Namespace} brings no {file}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
