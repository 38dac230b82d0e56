using System.Globalization;
using System.Text.RegularExpressions;

namespace Talon.Benchmarks.Processes;

/// <summary>An answer of <c>/metrics</c>.</summary>
/// <param name="text">The Prometheus text.</param>
internal sealed partial class MetricsText(string text)
{
    /// <summary>The samples of a metric summed by the value of one label.</summary>
    /// <param name="metric">The name of the samples.</param>
    /// <param name="label">The label.</param>
    public SortedDictionary<string, double> SumBy(string metric, string label)
    {
        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n').Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal)))
        {
            int end = line.LastIndexOf('}');
            string value = line[(end + 1)..].Trim().Split(' ')[0];
            string by = Labels().Matches(line[..end]).FirstOrDefault(match => match.Groups["name"].Value == label)?.Groups["value"].Value ?? "";
            sums[by] = sums.GetValueOrDefault(by) + double.Parse(value, CultureInfo.InvariantCulture);
        }

        return sums;
    }

    /// <summary>All samples of a metric summed.</summary>
    /// <param name="metric">The name of the samples.</param>
    public double Sum(string metric) => SumBy(metric, label: "").Values.Sum();

    /// <summary>The final outcomes of actions by status.</summary>
    public SortedDictionary<string, double> Outcomes() => SumBy("falcosecurity_falco_talon_actions_total", "status");

    [GeneratedRegex("""(?<name>[a-zA-Z_]\w*)="(?<value>(?:[^"\\]|\\.)*)["]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Labels();
}
