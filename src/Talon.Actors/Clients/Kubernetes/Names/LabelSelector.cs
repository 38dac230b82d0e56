using System.Diagnostics.CodeAnalysis;
using k8s.Models;

namespace Talon.Actors.Clients.Kubernetes.Names;

/// <summary>A label selector in the form the API takes, made only from an object that the API server gave us or from a checked name.</summary>
internal sealed record LabelSelector
{
    private LabelSelector(string value) => Value = value;

    /// <summary>The text of the <c>labelSelector</c> query parameter; the client library escapes it.</summary>
    public string Value { get; }

    /// <summary>The pods of a Job, by the label that Kubernetes gives them.</summary>
    /// <param name="job">One whose name cannot be the value of a label has no pods.</param>
    public static LabelSelector OfJob(KubeName job) => new($"batch.kubernetes.io/job-name={job}");

    /// <summary>Writes a workload's selector as text. False when it is missing, empty (it would select everything) or of an unknown operator.</summary>
    public static bool TryCreate(V1LabelSelector? from, [NotNullWhen(true)] out LabelSelector? selector)
    {
        selector = null;
        var parts = new List<string>();
        foreach (var (key, value) in from?.MatchLabels ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            parts.Add($"{key}={value}");
        }

        foreach (var requirement in from?.MatchExpressions ?? [])
        {
            string values = string.Join(',', requirement.Values ?? []);
            string? part = requirement.OperatorProperty switch
            {
                "In" => $"{requirement.Key} in ({values})",
                "NotIn" => $"{requirement.Key} notin ({values})",
                "Exists" => requirement.Key,
                "DoesNotExist" => $"!{requirement.Key}",
                _ => null,
            };
            if (part is null)
            {
                return false;
            }

            parts.Add(part);
        }

        selector = parts.Count == 0 ? null : new LabelSelector(string.Join(',', parts));
        return selector is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
