using System.Diagnostics;

namespace Talon.Host.Tests.Support;

/// <summary>A folder as the kubelet mounts a ConfigMap: files are links through <c>..data</c>, which is swapped by a rename.</summary>
internal sealed class ConfigMapFolder
{
    private int _version;

    private ConfigMapFolder(string path) => Path = path;

    public string Path { get; }

    public string File => System.IO.Path.Combine(Path, "rules.yaml");

    /// <summary>The second file; without one it is a link to nothing.</summary>
    public string Second => System.IO.Path.Combine(Path, "second.yaml");

    /// <summary>The folder behind <c>..data</c>.</summary>
    public string Version => System.IO.Path.Combine(Path, $"..2026_11_25_{_version}");

    public static ConfigMapFolder Create(string parent, string rules, string? second = null)
    {
        var mount = new ConfigMapFolder(Directory.CreateDirectory(System.IO.Path.Combine(parent, "mount")).FullName);
        mount.Swap(rules, second);
        System.IO.File.CreateSymbolicLink(mount.File, System.IO.Path.Combine("..data", "rules.yaml"));
        System.IO.File.CreateSymbolicLink(mount.Second, System.IO.Path.Combine("..data", "second.yaml"));
        return mount;
    }

    public void Swap(string rules, string? second = null)
    {
        string? old = _version > 0 ? Version : null;
        _version++;
        Directory.CreateDirectory(Version);
        System.IO.File.WriteAllText(System.IO.Path.Combine(Version, "rules.yaml"), rules);
        if (second is not null)
        {
            System.IO.File.WriteAllText(System.IO.Path.Combine(Version, "second.yaml"), second);
        }

        string next = System.IO.Path.Combine(Path, "..data_tmp");
        Directory.CreateSymbolicLink(next, System.IO.Path.GetFileName(Version));

        // File.Move follows links; what the kubelet does is one rename.
        using (var rename = Process.Start("mv", ["-T", next, System.IO.Path.Combine(Path, "..data")]))
        {
            rename.WaitForExit();
            Assert.Equal(0, rename.ExitCode);
        }

        if (old is not null)
        {
            Directory.Delete(old, recursive: true);
        }
    }
}
