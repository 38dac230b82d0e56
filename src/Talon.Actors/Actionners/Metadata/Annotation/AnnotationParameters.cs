using System.Collections.Immutable;
using System.Text;
using Talon.Actors.Clients.Kubernetes.Names;
using Talon.Rules.Catalog;

namespace Talon.Actors.Actionners.Metadata.Annotation;

/// <summary>The parameters of <c>kubernetes:annotation</c>.</summary>
/// <param name="Annotations">The annotations to set; null as a value removes the key.</param>
internal sealed record AnnotationParameters(ImmutableSortedDictionary<string, string?> Annotations, MetadataLevel Level)
{
    /// <summary>How many bytes the keys and values of all annotations of an object may have: the limit of Kubernetes.</summary>
    private const int MaxBytes = 256 * 1024;

    public static ParameterSchema Schema { get; } = new(
    [
        new ParameterSpec
        {
            Name = "annotations",
            Type = ParameterType.TextMap,
            Required = true,
            Description = "The annotations to set; an empty value removes the annotation.",
            Check = value => value is ParameterValue.Map map ? CheckAnnotations(map.Entries) : null,
        },
        MetadataParameters.Level("annotations"),
    ]);

    public static (AnnotationParameters Parameters, ImmutableArray<ParameterProblem> Problems) Read(ParameterMap written)
    {
        var (bound, problems) = Schema.Bind(written);
        var map = problems.IsEmpty ? bound : ParameterMap.Empty;
        var annotations = map.GetTextMap("annotations").ToImmutableSortedDictionary(
            annotation => annotation.Key, annotation => annotation.Value is { Length: > 0 } ? annotation.Value : null, StringComparer.Ordinal);
        return (new AnnotationParameters(annotations, map.GetText("level") == "node" ? MetadataLevel.Node : MetadataLevel.Pod), problems);
    }

    private static string? CheckAnnotations(ParameterMap annotations)
    {
        long bytes = 0;
        foreach (var (key, value) in annotations)
        {
            if (LabelSyntax.CheckAnnotationKey(key) is { } problem)
            {
                return problem;
            }

            bytes += Encoding.UTF8.GetByteCount(key) + (value is ParameterValue.Text text ? Encoding.UTF8.GetByteCount(text.Value) : 0);
        }

        return annotations.Count == 0 ? "must name at least one annotation"
            : bytes > MaxBytes ? $"keys and values have {bytes} bytes together; Kubernetes takes at most {MaxBytes}"
            : null;
    }
}
