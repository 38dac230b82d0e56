using System.Text.Json.Nodes;
using Talon.Actors.Clients.Kubernetes;

namespace Talon.Actors.Actionners.Policies;

/// <summary>Evaluates selectors of policies that others wrote. Unlike in a workload, an empty one selects everything.</summary>
internal static class LabelTerms
{
    /// <summary>
    /// Whether a selector matches labels. What cannot be read counts as a match: better to name a policy too many than to miss one.
    /// </summary>
    /// <param name="selector">A map with <c>matchLabels</c> and <c>matchExpressions</c>.</param>
    /// <param name="key">Maps a key of the selector to the key of a label; null counts as a match.</param>
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
