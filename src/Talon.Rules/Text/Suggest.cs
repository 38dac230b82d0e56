namespace Talon.Rules.Text;

/// <summary>Finds what a mistyped word was probably meant to be.</summary>
public static class Suggest
{
    private const int LongestWord = 64;

    /// <summary>
    /// The known word nearest to the given one: few letters missing, added, changed or swapped; else the first of which it is
    /// the beginning or the last part, or which is its beginning. Null when none is near. Letter case counts for nothing.
    /// </summary>
    /// <param name="known">What could have been meant, in order of preference.</param>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }

        string? best = null;
        string? part = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in known)
        {
            if (candidate.Length is 0 or > LongestWord)
            {
                continue;
            }

            int distance = Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            bool near = distance <= Math.Max(1, Math.Max(word.Length, candidate.Length) / 3) && distance < candidate.Length;
            if (near && distance < bestDistance)
            {
                best = candidate;
                bestDistance = distance;
            }

            part ??= IsPart(word, candidate) ? candidate : null;
        }

        return best ?? part;
    }

    /// <summary>What to say after an unknown word: the nearest known one as a question, or else all that are known.</summary>
    public static string HintFor(string word, IReadOnlyCollection<string> known)
    {
        return Nearest(word, known) is { } nearest ? $"did you mean '{nearest}'?"
            : known.Count == 0 ? "there are none in this version"
            : $"known: {string.Join(", ", known)}";
    }

    private static bool IsPart(string word, string candidate)
    {
        string shortWord = WithoutSeparators(word);
        string shortCandidate = WithoutSeparators(candidate);
        return Math.Min(shortWord.Length, shortCandidate.Length) >= 3
            && (shortCandidate.StartsWith(shortWord, StringComparison.OrdinalIgnoreCase)
                || shortWord.StartsWith(shortCandidate, StringComparison.OrdinalIgnoreCase)
                || candidate.EndsWith("_" + word, StringComparison.OrdinalIgnoreCase)
                || candidate.EndsWith(":" + word, StringComparison.OrdinalIgnoreCase));
    }

    // gracePeriods is meant as grace_period_seconds.
    private static string WithoutSeparators(string text) => text.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);

    // Optimal string alignment: insert, delete, replace, swap of neighbours.
    private static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            cost[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            cost[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                int best = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, cost[i - 2, j - 2] + 1);
                }

                cost[i, j] = best;
            }
        }

        return cost[a.Length, b.Length];
    }
}
