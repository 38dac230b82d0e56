using Talon.Architecture.Tests.Repository;
using YamlDotNet.RepresentationModel;

namespace Talon.Architecture.Tests.Deploy;

/// <summary>The manifests under deploy/k8s.</summary>
internal static class Manifests
{
    public static string Folder => RepositoryFiles.PathOf("deploy", "k8s");

    /// <summary>All objects that kustomize would apply.</summary>
    public static IReadOnlyList<YamlNode> All { get; } =
    [
        .. Strings(At(Documents(File.ReadAllText(Path.Combine(Folder, "kustomization.yaml"))).Single(), "resources"))
            .SelectMany(file => Documents(File.ReadAllText(Path.Combine(Folder, file)))),
    ];

    public static YamlNode Pod => At(One("StatefulSet"), "spec.template.spec");

    public static YamlNode Container => Items(At(Pod, "containers")).Single();

    public static IEnumerable<YamlNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(document => document.RootNode);
    }

    /// <summary>The only object of a kind.</summary>
    public static YamlNode One(string kind) => All.Single(node => Text(node, "kind") == kind);

    /// <summary>The ConfigMap of a name, as its files.</summary>
    public static string ConfigMapFile(string name, string file) =>
        All.Where(node => Text(node, "kind") == "ConfigMap" && Text(node, "metadata.name") == name)
            .Select(node => ((YamlScalarNode)((YamlMappingNode)At(node, "data"))[file]).Value!)
            .Single();

    /// <summary>The node at a path; the names of the path hold no dots.</summary>
    public static YamlNode At(YamlNode node, string path) =>
        path.Split('.').Aggregate(node, (at, name) => at is YamlMappingNode map && map.Children.TryGetValue(name, out var next)
            ? next
            : throw new InvalidOperationException($"{path}: there is no {name}"));

    public static string Text(YamlNode node, string path) => ((YamlScalarNode)At(node, path)).Value!;

    public static IReadOnlyList<YamlNode> Items(YamlNode node) => [.. ((YamlSequenceNode)node).Children];

    public static IReadOnlyList<string> Strings(YamlNode node) => [.. Items(node).Select(item => ((YamlScalarNode)item).Value!)];

    /// <summary>A map of texts.</summary>
    public static IReadOnlyDictionary<string, string> Map(YamlNode node) =>
        ((YamlMappingNode)node).ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => ((YamlScalarNode)pair.Value).Value!, StringComparer.Ordinal);

    /// <summary>What the rules of a ClusterRole allow, as <c>group/resource verb</c>.</summary>
    public static IReadOnlySet<string> Allowed(YamlNode clusterRole) => (
        from rule in Items(At(clusterRole, "rules"))
        from apiGroup in Strings(At(rule, "apiGroups"))
        from resource in Strings(At(rule, "resources"))
        from verb in Strings(At(rule, "verbs"))
        select $"{apiGroup}/{resource} {verb}").ToHashSet(StringComparer.Ordinal);
}
