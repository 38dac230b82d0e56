using System.Globalization;

namespace Talon.Host.Tests.Support;

/// <summary>Reads Prometheus' text format.</summary>
internal static class MetricText
{
    /// <summary>The value of the first sample with that name and all of these labels, <c>name{a="b"}</c>; null when there is none.</summary>
    public static double? ValueOf(string text, string nameAndLabels)
    {
        int brace = nameAndLabels.IndexOf('{', StringComparison.Ordinal);
        string name = brace < 0 ? nameAndLabels : nameAndLabels[..brace];
        string[] labels = brace < 0 ? [] : nameAndLabels[(brace + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries);
        foreach (string line in text.Split('\n'))
        {
            bool named = line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal);
            if (named && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            {
                string[] words = line[(line.LastIndexOf('}') + 1)..].Replace(name, "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return double.Parse(words[0], CultureInfo.InvariantCulture);
            }
        }

        return null;
    }
}
