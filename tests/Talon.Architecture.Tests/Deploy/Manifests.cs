using Talon.Architecture.Tests.Repository;
using YamlDotNet.RepresentationModel;

namespace Talon.Architecture.Tests.Deploy;

/// <summary>The manifests that one kustomization below deploy/k8s puts together.</summary>
internal sealed class Manifests
{
    /// <summary>The name of Talon's own objects.</summary>
    public const string OwnName = "falco-talon";

    /// <summary>Reads a kustomization and all it names, as kustomize does where nothing is patched.</summary>
    /// <param name="path">The folder below <c>deploy/k8s</c>.</param>
    public Manifests(params ReadOnlySpan<string> path)
    {
        Folder = RepositoryFiles.PathOf(["deploy", "k8s", .. path]);
        Files = [.. FilesOf(Folder)];
        All = [.. Files.SelectMany(file => Documents(File.ReadAllText(file)))];
    }

    public string Folder { get; }

    /// <summary>The files with objects.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>All objects that kustomize would apply.</summary>
    public IReadOnlyList<YamlNode> All { get; }

    public YamlNode Pod => At(One("StatefulSet"), "spec.template.spec");

    public YamlNode Container => Items(At(Pod, "containers")).Single();

    private static IEnumerable<string> FilesOf(string folder) =>
        Strings(At(Documents(File.ReadAllText(Path.Combine(folder, "kustomization.yaml"))).Single(), "resources"))
            .Select(name => Path.GetFullPath(Path.Combine(folder, name)))
            .SelectMany(path => Directory.Exists(path) ? FilesOf(path) : [path]);

    public static IEnumerable<YamlNode> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Select(document => document.RootNode);
    }

    /// <summary>The object of a kind that bears Talon's name.</summary>
    public YamlNode One(string kind) => All.Single(node => Text(node, "kind") == kind && Text(node, "metadata.name") == OwnName);

    /// <summary>The ConfigMap of a name, as its files.</summary>
    public string ConfigMapFile(string name, string file) =>
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
