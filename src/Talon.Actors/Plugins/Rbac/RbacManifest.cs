using System.Collections.Immutable;
using Talon.Rules.Catalog;
using Talon.Rules.Yaml;

namespace Talon.Actors.Plugins.Rbac;

/// <summary>
/// The <c>rbac.yaml</c> of a plug-in: ClusterRoles hold in every namespace; Roles in the one that the parameter <c>namespace</c>
/// names, else in Talon's own. A document with a condition counts only where the condition holds.
/// </summary>
internal sealed class RbacManifest
{
    private const string When = "talon.falco.org/when";

    private readonly ImmutableArray<Document> _documents;

    private RbacManifest(ImmutableArray<Document> documents) => _documents = documents;

    /// <summary>Reads a manifest. Rights described in words make an empty one.</summary>
    /// <exception cref="FormatException">It is YAML that Talon does not understand: an error in the plug-in.</exception>
    public static RbacManifest Read(string yaml) => new(
        [.. YamlDocument.Read("rbac.yaml", yaml).Documents.OfType<YamlNode.Mapping>().Select(ReadDocument)]);

    public IEnumerable<RbacRight> Rights(ParameterMap parameters, string ownNamespace) => _documents
        .Where(document => document.Condition?.Holds(parameters) != false)
        .SelectMany(document => document.Rights.Select(right =>
            document.Namespaced ? right with { Namespace = RbacCondition.Written(parameters, "namespace") is ParameterValue.Text { Value: { Length: > 0 } named } ? named : ownNamespace } : right));

    private static Document ReadDocument(YamlNode.Mapping document)
    {
        string kind = Text(document.Find("kind"));
        if (kind is not ("ClusterRole" or "Role"))
        {
            throw new FormatException($"the kind '{kind}' is neither ClusterRole nor Role");
        }

        var annotations = (document.Find("metadata") as YamlNode.Mapping)?.Find("annotations") as YamlNode.Mapping;
        var rights = ImmutableArray.CreateBuilder<RbacRight>();
        foreach (var rule in Items(document.Find("rules")).Cast<YamlNode.Mapping>())
        {
            if (rule.Entries.FirstOrDefault(entry => entry.Key is not ("apiGroups" or "resources" or "resourceNames" or "verbs")) is { } unknown)
            {
                throw new FormatException($"unknown key '{unknown.Key}'");
            }

            string?[] names = rule.Find("resourceNames") is { } named ? [.. Items(named).Select(Text)] : [null];
            rights.AddRange(
                from @group in Items(rule.Find("apiGroups"))
                from resource in Items(rule.Find("resources"))
                from verb in Items(rule.Find("verbs"))
                from name in names
                select new RbacRight(null, Text(@group), Text(resource), Text(verb), name));
        }

        return new Document(
            kind == "Role",
            annotations?.Find(When) is YamlNode.Scalar { Text: var condition } ? RbacCondition.Parse(condition) : null,
            rights.ToImmutable());
    }

    private static ImmutableArray<YamlNode> Items(YamlNode? node) =>
        node is YamlNode.Sequence sequence ? sequence.Items : throw new FormatException("expected a list");

    private static string Text(YamlNode? node) => node is YamlNode.Scalar scalar ? scalar.Text : throw new FormatException("expected a text");

    private sealed record Document(bool Namespaced, RbacCondition? Condition, ImmutableArray<RbacRight> Rights);
}
