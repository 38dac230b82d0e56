using System.Reflection;

namespace Talon.Architecture.Tests.Code;

/// <summary>Finds uses between folders; a namespace mirrors its folder.</summary>
internal static class Folders
{
    /// <summary>The uses of one folder under a root by another that may not use it, each as <c>user -> used</c>.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="root">The namespace of the root.</param>
    /// <param name="common">The folder that all may use; it may use none of the others.</param>
    /// <param name="plugIns">The folders, below the root, that hold one plug-in each.</param>
    public static IReadOnlyList<string> UsesBetween(Assembly assembly, string root, string common, IReadOnlySet<string> plugIns) =>
        Uses(assembly, type => Below(type, root), (from, to) => !MayUse(Folder(from, root), Folder(to, root), common, plugIns));

    /// <summary>
    /// Whether one folder may use another: its own, the common one, those above it, and those below it that hold no plug-in. So a plug-in
    /// uses what its family shares, and nobody uses a plug-in or another family.
    /// </summary>
    public static bool MayUse(string from, string to, string common, IReadOnlySet<string> plugIns) =>
        IsWithin(to, common) || IsWithin(from, to) || (IsWithin(to, from) && !plugIns.Contains(to));

    /// <summary>The folders below a root that bring a file of this name.</summary>
    public static IReadOnlySet<string> With(Assembly assembly, string root, string file) => assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith($"{root}.", StringComparison.Ordinal) && name.EndsWith($".{file}", StringComparison.Ordinal))
        .Select(name => name[(root.Length + 1)..^(file.Length + 1)])
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>The uses of types under one namespace by types under another.</summary>
    public static IReadOnlyList<string> Uses(Assembly assembly, string from, string to) =>
        Uses(assembly, type => Below(type, from) || Below(type, to), (user, used) => Below(user, from) && Below(used, to));

    private static List<string> Uses(Assembly assembly, Func<Type, bool> concerned, Func<Type, Type, bool> isWrong) =>
    [
        .. assembly.GetTypes()
            .Where(concerned)
            .SelectMany(user => TypeUse.Of(user).Where(used => used.Assembly == assembly && concerned(used) && isWrong(user, used)).Select(used => $"{user} -> {used}"))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    private static bool Below(Type type, string root) => type.Namespace is { } name && (name == root || name.StartsWith(root + ".", StringComparison.Ordinal));

    private static bool IsWithin(string folder, string other) => folder == other || folder.StartsWith($"{other}.", StringComparison.Ordinal);

    // "Removal.Terminate" of "root.Removal.Terminate"; "Targets" of "root.Targets".
    private static string Folder(Type type, string root) => type.Namespace == root ? "" : type.Namespace![(root.Length + 1)..];
}
