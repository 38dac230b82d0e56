using System.Diagnostics.CodeAnalysis;

namespace Talon.Rules.Catalog;

/// <summary>The full name of an actionner, <c>category:name</c>, both parts lower-case letters and digits, for instance <c>kubernetes:terminate</c>.</summary>
public readonly record struct ActionnerName
{
    private ActionnerName(string category, string name)
    {
        Category = category;
        Name = name;
    }

    /// <summary>The part before the colon: <c>kubernetes</c>, <c>calico</c>, <c>cilium</c>, <c>aws</c> or <c>gcp</c>.</summary>
    public string Category { get; }

    /// <summary>The part after the colon.</summary>
    public string Name { get; }

    /// <summary>Reads a full name. Returns false for anything but two non-empty words of <c>a-z0-9</c> joined by one colon.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ActionnerName name)
    {
        name = default;
        if (text is null)
        {
            return false;
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (i != colon && text[i] is not ((>= 'a' and <= 'z') or (>= '0' and <= '9')))
            {
                return false;
            }
        }

        name = new ActionnerName(text[..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>Reads a full name that is known to be well formed, such as a constant.</summary>
    /// <exception cref="FormatException">It is not of the form <c>category:name</c>.</exception>
    public static ActionnerName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not of the form category:name");

    /// <inheritdoc/>
    public override string ToString() => $"{Category}:{Name}";
}
