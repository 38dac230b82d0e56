namespace Talon.Actors.Actionners.Policies.Calico;

/// <summary>Writes selectors in Calico's language. Its strings have no escapes, so a quote is refused instead.</summary>
internal static class CalicoSelector
{
    /// <summary>The selector of pods, with its terms in a fixed order.</summary>
    public static string Of(PodSelection selection) => string.Join(
        " && ",
        selection.Labels.Select(label => $"{label.Key} == {Text(label.Value)}").Concat(selection.Requirements.Select(Of)));

    /// <summary>The selector of namespaces by their names.</summary>
    public static string Namespaces(IEnumerable<string> names) =>
        $"kubernetes.io/metadata.name in {Set(names.Order(StringComparer.Ordinal))}";

    private static string Of(PodSelection.Requirement requirement) => requirement.Operator switch
    {
        "In" => $"{requirement.Key} in {Set(requirement.Values)}",
        "NotIn" => $"{requirement.Key} not in {Set(requirement.Values)}",
        "Exists" => $"has({requirement.Key})",
        _ => $"!has({requirement.Key})",
    };

    private static string Set(IEnumerable<string> values) => $"{{ {string.Join(", ", values.Select(Text))} }}";

    // Keys and values were checked as labels when the selection was read; a quote here is a programming error.
    private static string Text(string value) => value.AsSpan().ContainsAny("\"'\\")
        ? throw new InvalidOperationException("a quote in the value of a label")
        : $"\"{value}\"";
}
