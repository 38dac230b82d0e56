using System.Reflection;

namespace Talon.Architecture.Tests.Code;

/// <summary>
/// Finds circles between folders that stand side by side. What lies below a folder counts as the folder. Between a folder and what
/// lies below it nothing is counted: its own files put the parts together, or are what the parts have in common.
/// </summary>
internal static class FolderCircles
{
    /// <summary>The uses that close a circle, each as <c>folder -> folder: user -> used</c>.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="root">The namespace below which the folders stand.</param>
    public static IReadOnlyList<string> Of(Assembly assembly, string root)
    {
        var uses = Uses(assembly, root);
        var next = uses.ToLookup(use => use.From, use => use.To, StringComparer.Ordinal);
        return
        [
            .. uses.Where(use => Reaches(next, use.To, use.From))
                .Select(use => $"{use.From} -> {use.To}: {use.Sample}")
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Which folder uses which beside it, each with one example.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="root">The namespace below which the folders stand.</param>
    public static IReadOnlyList<(string From, string To, string Sample)> Uses(Assembly assembly, string root) =>
    [
        .. assembly.GetTypes()
            .Where(type => Below(type, root))
            .SelectMany(user => TypeUse.Of(user)
                .Where(used => used.Assembly == assembly && Below(used, root))
                .Select(used => (Folders: Diverge(user.Namespace!, used.Namespace!), Sample: $"{user} -> {used}")))
            .Where(use => use.Folders is not null)
            .Select(use => (use.Folders!.Value.From, use.Folders.Value.To, use.Sample))
            .DistinctBy(use => (use.From, use.To)),
    ];

    private static bool Below(Type type, string root) => type.Namespace?.StartsWith(root + ".", StringComparison.Ordinal) is true;

    // The two folders side by side in which the two namespaces lie; null when one lies within the other.
    private static (string From, string To)? Diverge(string user, string used)
    {
        string[] from = user.Split('.');
        string[] to = used.Split('.');
        int common = from.Zip(to, string.Equals).TakeWhile(same => same).Count();
        return common == from.Length || common == to.Length
            ? null
            : (string.Join('.', from[..(common + 1)]), string.Join('.', to[..(common + 1)]));
    }

    private static bool Reaches(ILookup<string, string> next, string from, string to)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([from]);
        while (open.TryPop(out string? folder))
        {
            if (folder == to)
                return true;
            if (seen.Add(folder))
            {
                foreach (string other in next[folder])
                    open.Push(other);
            }
        }

        return false;
    }
}
