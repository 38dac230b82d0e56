using System.Collections.Immutable;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Metadata.Label;

/// <summary>The parameters of <c>kubernetes:label</c>.</summary>
/// <param name="Labels">The labels to set; null as a value removes the key.</param>
internal sealed record LabelParameters(ImmutableSortedDictionary<string, string?> Labels, MetadataLevel Level)
{
    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "labels",
            Type = ParameterType.TextMap,
            Required = true,
            Description = "The labels to set; an empty value removes the label.",
            Check = value => value is ParameterValue.Map map ? CheckLabels(map.Entries) : null,
        },
        MetadataParameters.Level("labels"),
    ]);

    public static (LabelParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (map, problems) = Schema.Bind(written);
        var labels = map.GetTextMap("labels")
            .ToImmutableSortedDictionary(label => label.Key, label => label.Value is { Length: > 0 } ? label.Value : null, StringComparer.Ordinal);
        return (new LabelParameters(labels, map.GetText("level") == "node" ? MetadataLevel.Node : MetadataLevel.Pod), problems);
    }

    private static string? CheckLabels(ParameterMap labels)
    {
        foreach (var (key, value) in labels)
        {
            string? problem = LabelSyntax.CheckKey(key) ?? (value is ParameterValue.Text text ? LabelSyntax.CheckValue(key, text.Value) : null);
            if (problem is not null)
            {
                return problem;
            }
        }

        return labels.Count == 0 ? "must name at least one label" : null;
    }
}
