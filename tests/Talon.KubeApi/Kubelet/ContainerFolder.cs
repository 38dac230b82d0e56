namespace Talon.KubeApi.Kubelet;

/// <summary>The folder of one container: its working folder and HOME, and a folder of programs that comes first in its PATH.</summary>
internal sealed class ContainerFolder
{
    private const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly string _shared;

    public ContainerFolder(string path, string shared)
    {
        _shared = shared;
        Home = Path.Combine(path, "home");
        Programs = Path.Combine(path, "bin");
        Temporary = Path.Combine(path, "tmp");
        foreach (var folder in new[] { Home, Programs, Temporary, shared })
            Directory.CreateDirectory(folder);
    }

    public string Home { get; }

    public string Programs { get; }

    public string Temporary { get; }

    public string SearchPath => $"{Programs}:{_shared}:{SystemPath}";

    /// <summary>Finds a command as the container runtime does.</summary>
    /// <returns>Null and the words of the runtime when there is none.</returns>
    public string? Find(string command, out string fault)
    {
        fault = "";
        if (command.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(command, Home);
            if (IsProgram(path))
                return path;
            fault = Directory.Exists(path) || File.Exists(path)
                ? $"exec: \"{command}\": permission denied"
                : $"exec: \"{command}\": stat {command}: no such file or directory";
            return null;
        }

        if (command.Length > 0 && SearchPath.Split(':').Select(p => Path.Combine(p, command)).FirstOrDefault(IsProgram) is { } found)
            return found;
        fault = $"exec: \"{command}\": executable file not found in $PATH";
        return null;
    }

    public static void AddProgram(string folder, string name, string text)
    {
        if (name.Length == 0 || Path.GetFileName(name) != name)
            throw new ArgumentException($"'{name}' is no file name", nameof(name));
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static bool IsProgram(string path)
    {
        const UnixFileMode executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & executable) != UnixFileMode.None;
    }
}
