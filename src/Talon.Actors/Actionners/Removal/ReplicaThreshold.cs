using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Talon.Actors.Actionners.Removal;

/// <summary>How many healthy pods of a ReplicaSet must remain: a number, or a share of those it wants. A closed set.</summary>
internal abstract record ReplicaThreshold
{
    private ReplicaThreshold()
    {
    }

    public sealed record Absolute(int Count) : ReplicaThreshold
    {
        public override bool Holds(int remaining, int desired) => remaining >= Count;

        public override string ToString() => Count.ToString();
    }

    /// <summary>A share of the wanted pods, 0 to 100.</summary>
    public sealed record Percent(int Share) : ReplicaThreshold
    {
        public override bool Holds(int remaining, int desired) => remaining * 100L >= (long)Share * desired;

        public override string ToString() => $"{Share}%";
    }

    /// <summary>Whether that many healthy pods are enough.</summary>
    public abstract bool Holds(int remaining, int desired);

    /// <summary>Reads <c>2</c> or <c>33%</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ReplicaThreshold? threshold)
    {
        threshold = null;
        bool percent = text?.EndsWith('%') == true;
        string? digits = percent ? text![..^1] : text;
        if (digits?.StartsWith('+') == true)
        {
            digits = digits[1..];
        }

        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || (percent && number > 100))
        {
            return false;
        }

        threshold = percent ? new Percent(number) : new Absolute(number);
        return true;
    }
}
