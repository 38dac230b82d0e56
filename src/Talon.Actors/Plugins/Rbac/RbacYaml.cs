using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Talon.Actors.Plugins.Rbac;

/// <summary>Writes rights as the objects of Kubernetes that grant them to a service account: a ClusterRole, a Role for each namespace, and their bindings.</summary>
/// <param name="name">The name of the roles and bindings.</param>
public sealed class RbacYaml(string name, string serviceAccount, string ownNamespace)
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <summary>
    /// The documents, separated by <c>---</c>; for no rights a comment that says so. What is needed beyond Kubernetes stands in comments
    /// before them. The rights have to be sorted.
    /// </summary>
    /// <param name="outside">By the name of the plug-in, in words or as a policy.</param>
    public string Write(ImmutableArray<RbacRight> rights, IReadOnlyDictionary<string, string> outside) => Comments(outside) + Write(rights);

    private static string Comments(IReadOnlyDictionary<string, string> outside) => string.Concat(outside.Select(need =>
        $"# Beyond Kubernetes, {need.Key} needs:\n"
        + string.Concat(need.Value.Trim().ReplaceLineEndings("\n").Split('\n').Select(line => $"#   {line}".TrimEnd() + "\n"))
        + "\n"));

    private string Write(ImmutableArray<RbacRight> rights)
    {
        if (rights.IsEmpty)
        {
            return "# These rules need no right in Kubernetes.\n";
        }

        var documents = rights
            .GroupBy(right => right.Namespace, StringComparer.Ordinal)
            .SelectMany(scope => (string[])[Role(scope.Key, scope), Binding(scope.Key)]);
        return string.Join("---\n", documents);
    }

    private string Role(string? scope, IEnumerable<RbacRight> rights)
    {
        var text = Head(scope is null ? "ClusterRole" : "Role", scope);
        text.Append("rules:\n");

        // Resources of one group that need the same verbs stand together.
        var rules = rights
            .GroupBy(right => (right.Group, right.Resource, right.Name))
            .Select(one => (one.Key.Group, one.Key.Resource, one.Key.Name, Verbs: List(one.Select(right => right.Verb))))
            .GroupBy(rule => (rule.Group, rule.Name, rule.Verbs));
        foreach (var rule in rules)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - apiGroups: {List([rule.Key.Group])}\n");
            text.Append(CultureInfo.InvariantCulture, $"    resources: {List(rule.Select(part => part.Resource))}\n");
            if (rule.Key.Name is { } one)
            {
                text.Append(CultureInfo.InvariantCulture, $"    resourceNames: {List([one])}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"    verbs: {rule.Key.Verbs}\n");
        }

        return text.ToString();
    }

    private string Binding(string? scope) => Head(scope is null ? "ClusterRoleBinding" : "RoleBinding", scope)
        .Append(CultureInfo.InvariantCulture, $"roleRef:\n  apiGroup: {Group}\n  kind: {(scope is null ? "ClusterRole" : "Role")}\n  name: {name}\n")
        .Append(CultureInfo.InvariantCulture, $"subjects:\n  - kind: ServiceAccount\n    name: {serviceAccount}\n    namespace: {ownNamespace}\n")
        .ToString();

    private StringBuilder Head(string kind, string? scope)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"apiVersion: {Group}/v1\nkind: {kind}\nmetadata:\n  name: {name}\n");
        if (scope is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"  namespace: {scope}\n");
        }

        return text.Append("  labels:\n    app.kubernetes.io/name: falco-talon\n");
    }

    private static string List(IEnumerable<string> words) => $"[{string.Join(", ", words.Select(word => $"\"{word}\""))}]";
}
