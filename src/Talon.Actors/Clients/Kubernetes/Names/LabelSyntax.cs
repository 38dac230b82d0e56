using Talon.Rules.Text;

namespace Talon.Actors.Clients.Kubernetes.Names;

/// <summary>What Kubernetes takes as the key and the value of a label, so that a rule file fails when it is loaded and not when it acts.</summary>
internal static class LabelSyntax
{
    private const int MaxName = 63;

    /// <summary>Null when it is a key, with or without a prefix, else what is wrong.</summary>
    public static string? CheckKey(string key) => CheckKey(key, "a label key", " in lower case", key);

    /// <summary>Null when it is the key of an annotation, else what is wrong. Its prefix may have capitals, unlike that of a label.</summary>
    public static string? CheckAnnotationKey(string key) => CheckKey(key, "an annotation key", "", key.ToLowerInvariant());

    /// <summary>Null when it is a value, else what is wrong.</summary>
    public static string? CheckValue(string key, string value) => value.Length == 0 || IsName(value)
        ? null
        : $"the value of '{key}' is not a label value: it has at most 63 letters, digits, '-', '_' or '.', and begins and ends with a letter or digit";

    private static string? CheckKey(string key, string what, string prefixCase, string compared)
    {
        int slash = compared.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && !Dns1123.IsSubdomain(compared.AsSpan(0, slash)))
        {
            return $"'{key}' is not {what}: before the slash stands a DNS name{prefixCase}, at most 253 characters";
        }

        return IsName(compared.AsSpan(slash + 1))
            ? null
            : $"'{key}' is not {what}: its name has 1 to 63 letters, digits, '-', '_' or '.', and begins and ends with a letter or digit";
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxName || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
