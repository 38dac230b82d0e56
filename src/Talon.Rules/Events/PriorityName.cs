using System.Collections.Immutable;

namespace Talon.Rules.Events;

/// <summary>Converts between priorities and their names.</summary>
public static class PriorityName
{
    /// <summary>The eight names, from the least to the most serious.</summary>
    public static ImmutableArray<string> All { get; } =
        ["Debug", "Informational", "Notice", "Warning", "Error", "Critical", "Alert", "Emergency"];

    /// <summary>Reads a name in any case; <c>Info</c> counts as Informational. Anything else is <see cref="Priority.Unknown"/>.</summary>
    public static Priority Parse(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < All.Length; i++)
        {
            if (name.Equals(All[i], StringComparison.OrdinalIgnoreCase))
            {
                return (Priority)(i + 1);
            }
        }

        return name.Equals("Info", StringComparison.OrdinalIgnoreCase) ? Priority.Informational : Priority.Unknown;
    }

    /// <summary>The name Falco writes; empty for <see cref="Priority.Unknown"/>.</summary>
    public static string Of(Priority priority) =>
        priority is >= Priority.Debug and <= Priority.Emergency ? All[(int)priority - 1] : "";
}
