using System.Reflection;

namespace Talon.Architecture.Tests.Code;

/// <summary>Finds uses between folders; a namespace mirrors its folder.</summary>
internal static class Folders
{
    /// <summary>The uses of one folder under a root by another, each as <c>user -> used</c>.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="root">The namespace of the root.</param>
    /// <param name="shared">The folder that all may use; it may use none of the others.</param>
    public static IReadOnlyList<string> UsesBetween(Assembly assembly, string root, string shared) => Uses(
        assembly,
        type => Below(type, root),
        (from, to) => Folder(from, root) != Folder(to, root) && $"{Folder(to, root)}.".StartsWith($"{shared}.", StringComparison.Ordinal) is false);

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

    // "Kubernetes.Terminate" of "root.Kubernetes.Terminate"; "Shared" of "root.Shared".
    private static string Folder(Type type, string root) => type.Namespace == root ? "" : type.Namespace![(root.Length + 1)..];
}
