namespace Talon.Host.Reload;

/// <summary>
/// The places that decide what a path means: the entry of the file, and the entry of every symbolic link on the way to it, each
/// in the real directory that holds it. A ConfigMap that is mounted gives <c>rules.yaml -> ..data/rules.yaml</c> and
/// <c>..data -> ..2026_…</c>, and a change of it is a change of <c>..data</c> alone.
/// </summary>
internal static class LinkedPlaces
{
    // As Linux: after that many links it is a circle.
    private const int MaxLinks = 40;

    /// <summary>
    /// The places of a path, as far as it exists: what is missing is watched for where it would appear. With each place comes that
    /// of its directory, so that one which is moved away and replaced is noticed as well.
    /// </summary>
    /// <param name="path">The path.</param>
    public static IReadOnlySet<(string Directory, string Name)> Of(string path)
    {
        var places = new HashSet<(string, string)>();
        string full = Path.GetFullPath(path);
        string root = Path.GetPathRoot(full)!;
        string at = root;
        var ahead = new Stack<string>(Parts(full[root.Length..]).Reverse());
        int links = 0;
        while (ahead.TryPop(out string? name))
        {
            if (name is "." or "..")
            {
                at = name == "." ? at : Path.GetDirectoryName(at) ?? root;
                continue;
            }

            string entry = Path.Combine(at, name);
            if (TargetOf(entry) is { } target)
            {
                Add(places, at, name);
                if (++links > MaxLinks)
                {
                    break;
                }

                string targetRoot = Path.GetPathRoot(target) ?? "";
                at = targetRoot.Length > 0 ? targetRoot : at;
                foreach (string part in Parts(target[targetRoot.Length..]).Reverse())
                {
                    ahead.Push(part);
                }
            }
            else if (ahead.Count == 0 || !Directory.Exists(entry))
            {
                Add(places, at, name);
                break;
            }
            else
            {
                at = entry;
            }
        }

        return places;
    }

    private static void Add(HashSet<(string, string)> places, string directory, string name)
    {
        places.Add((directory, name));
        if (Path.GetDirectoryName(directory) is { } parent)
        {
            places.Add((parent, Path.GetFileName(directory)));
        }
    }

    private static string[] Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);

    private static string? TargetOf(string entry)
    {
        try
        {
            return new FileInfo(entry).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be looked at has no way behind it that could be watched.
            return null;
        }
    }
}
