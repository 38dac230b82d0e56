using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>Evaluates selectors of policies that others wrote. An empty one selects everything, unlike in a workload.</summary>
internal static class LabelTerms
{
    /// <summary>Whether a selector holds for labels. What cannot be read counts as held: the policy is rather named than missed.</summary>
    /// <param name="selector">A map with <c>matchLabels</c> and <c>matchExpressions</c>.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="key">The key of the label that a key of the selector means; null counts as held.</param>
    public static bool Hold(JsonNode? selector, IReadOnlyDictionary<string, string> labels, Func<string, string?>? key = null)
    {
        key ??= same => same;
        return selector.TextsAt("matchLabels").All(term => key(term.Key) is not { } name || (labels.TryGetValue(name, out string? value) && value == term.Value))
            && selector.ItemsAt("matchExpressions").All(expression => Holds(expression, labels, key));
    }

    private static bool Holds(JsonNode? expression, IReadOnlyDictionary<string, string> labels, Func<string, string?> key)
    {
        if (expression.TextAt("key") is not { } written || key(written) is not { } name)
        {
            return true;
        }

        var requirement = new PodSelection.Requirement(
            name, expression.TextAt("operator") ?? "", [.. expression.ItemsAt("values").Select(value => value.Text() ?? "")]);
        return requirement.Operator is not ("In" or "NotIn" or "Exists" or "DoesNotExist") || requirement.Holds(labels);
    }
}
