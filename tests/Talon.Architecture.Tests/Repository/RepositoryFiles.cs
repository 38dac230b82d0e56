namespace Talon.Architecture.Tests.Repository;

/// <summary>The files of the repository, without what building leaves behind.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] Skipped = [".git", ".vs", ".idea", ".vscode", "bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts"];

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The path of a file, from its path within the repository.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>All files below a folder.</summary>
    public static IEnumerable<string> All(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != ".git"))
            yield return file;
        foreach (string inner in Directory.EnumerateDirectories(folder).Where(inner => !Skipped.Contains(Path.GetFileName(inner))))
        {
            foreach (string file in All(inner))
                yield return file;
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Talon.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Talon.sln");
        return folder.FullName;
    }
}
