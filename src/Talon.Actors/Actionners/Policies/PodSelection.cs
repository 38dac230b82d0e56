using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Text;

namespace Talon.Actors.Actionners.Policies;

/// <summary>
/// Which pods a policy is about: the selector of a workload without the labels that differ between its revisions. Never empty, and
/// never made of exclusions only: that would be the whole namespace.
/// </summary>
internal sealed record PodSelection
{
    // Labels of the pods of one revision: with them a policy would no longer match after the next rollout.
    private static readonly string[] OfRevisions = ["pod-template-hash", "pod-template-generation", "controller-revision-hash"];

    private PodSelection(ImmutableSortedDictionary<string, string> labels, ImmutableArray<Requirement> requirements)
    {
        Labels = labels;
        Requirements = requirements;
    }

    /// <summary>One of <c>matchExpressions</c>.</summary>
    /// <param name="Operator"><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</param>
    /// <param name="Values">The values, sorted; empty for the last two.</param>
    public sealed record Requirement(string Key, string Operator, ImmutableArray<string> Values)
    {
        public bool Holds(IReadOnlyDictionary<string, string> labels)
        {
            bool has = labels.TryGetValue(Key, out string? value);
            return Operator switch
            {
                "In" => has && Values.Contains(value!, StringComparer.Ordinal),
                "NotIn" => !has || !Values.Contains(value!, StringComparer.Ordinal),
                "Exists" => has,
                "DoesNotExist" => !has,
                _ => false,
            };
        }

        public override string ToString() => Operator switch
        {
            "In" => $"{Key} in ({string.Join(',', Values)})",
            "NotIn" => $"{Key} notin ({string.Join(',', Values)})",
            "Exists" => Key,
            _ => $"!{Key}",
        };
    }

    /// <summary>The labels a pod must have.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; }

    /// <summary>What must hold beyond the labels, in a fixed order.</summary>
    public ImmutableArray<Requirement> Requirements { get; }

    /// <summary>Reads the selector of a workload. False with the problem.</summary>
    /// <param name="selector">The <c>spec.selector</c>, or a map with <c>matchLabels</c>.</param>
    /// <param name="problem">What is wrong with it, a clause after "the selector".</param>
    public static bool TryCreate(
        JsonNode? selector, [NotNullWhen(true)] out PodSelection? selection, [NotNullWhen(false)] out string? problem)
    {
        selection = null;
        var labels = selector.TextsAt("matchLabels")
            .Where(label => !OfRevisions.Contains(label.Key, StringComparer.Ordinal))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
        problem = labels.Select(label => LabelSyntax.CheckKey(label.Key) ?? LabelSyntax.CheckValue(label.Key, label.Value))
            .FirstOrDefault(wrong => wrong is not null);
        if (problem is not null)
        {
            problem = $"cannot be written into a policy: {OneLine.From(problem)}";
            return false;
        }

        var requirements = new List<Requirement>();
        foreach (var expression in selector.ItemsAt("matchExpressions"))
        {
            if (!TryRead(expression, out var requirement, out problem))
            {
                return false;
            }

            if (!OfRevisions.Contains(requirement.Key, StringComparer.Ordinal))
            {
                requirements.Add(requirement);
            }
        }

        if (labels.IsEmpty && !requirements.Exists(requirement => requirement.Operator is "In" or "Exists"))
        {
            problem = "names no label but those of a revision: the policy would be about every pod of the namespace";
            return false;
        }

        selection = new PodSelection(
            labels, [.. requirements.DistinctBy(r => r.ToString(), StringComparer.Ordinal).OrderBy(r => r.ToString(), StringComparer.Ordinal)]);
        problem = null;
        return true;
    }

    public bool Selects(IReadOnlyDictionary<string, string> labels) =>
        Labels.All(label => labels.TryGetValue(label.Key, out string? value) && value == label.Value)
        && Requirements.All(requirement => requirement.Holds(labels));

    /// <summary>The selector as Kubernetes and Cilium take it.</summary>
    /// <param name="prefix">Prepended to every key: Cilium takes the source of a label there.</param>
    public JsonObject ToJson(string prefix = "")
    {
        var json = new JsonObject();
        if (!Labels.IsEmpty)
        {
            json["matchLabels"] = new JsonObject(Labels.Select(label => KeyValuePair.Create(prefix + label.Key, (JsonNode?)label.Value)));
        }

        if (!Requirements.IsEmpty)
        {
            json["matchExpressions"] = new JsonArray([.. Requirements.Select(requirement => ToJson(prefix, requirement))]);
        }

        return json;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(',', Labels.Select(label => $"{label.Key}={label.Value}").Concat(Requirements.Select(requirement => requirement.ToString())));

    private static JsonObject ToJson(string prefix, Requirement requirement)
    {
        var json = new JsonObject { ["key"] = prefix + requirement.Key, ["operator"] = requirement.Operator };
        if (!requirement.Values.IsEmpty)
        {
            json["values"] = new JsonArray([.. requirement.Values.Select(value => (JsonNode)value)]);
        }

        return json;
    }

    private static bool TryRead(
        JsonNode? expression, [NotNullWhen(true)] out Requirement? requirement, [NotNullWhen(false)] out string? problem)
    {
        requirement = null;
        string key = expression.TextAt("key") ?? "";
        string word = expression.TextAt("operator") ?? "";
        ImmutableArray<string> values =
            [.. expression.ItemsAt("values").Select(value => value.Text() ?? "\0").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        bool takesValues = word is "In" or "NotIn";
        if ((!takesValues && word is not ("Exists" or "DoesNotExist")) || takesValues == values.IsEmpty)
        {
            problem = $"has an expression that Talon cannot write into a policy: {OneLine.From(key)} {OneLine.From(word)}";
            return false;
        }

        problem = LabelSyntax.CheckKey(key) ?? values.Select(value => LabelSyntax.CheckValue(key, value)).FirstOrDefault(wrong => wrong is not null);
        if (problem is not null)
        {
            problem = $"cannot be written into a policy: {OneLine.From(problem)}";
            return false;
        }

        requirement = new Requirement(key, word, values);
        return true;
    }
}
