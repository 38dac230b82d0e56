namespace Talon.Rules.Text;

/// <summary>
/// The one place where names of Kubernetes are checked, by the rules of RFC 1123 as Kubernetes applies them: those of rule files, of the
/// configuration and the command line, and all that may become part of a URL. The client library neither checks nor escapes them, and an
/// empty name in a DELETE would take the whole collection.
/// </summary>
public static class Dns1123
{
    /// <summary>What a label looks like, for messages.</summary>
    public const string LabelForm = "lower-case letters, digits and '-', at most 63, with a letter or digit at both ends";

    /// <summary>The most characters of a label, such as the name of a namespace or a container.</summary>
    public const int MaxLabel = 63;

    /// <summary>The most characters of a subdomain, such as the name of a pod or a node.</summary>
    public const int MaxSubdomain = 253;

    /// <summary>Lower-case letters, digits and '-', at most 63, an alphanumeric at both ends.</summary>
    public static bool IsLabel(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLabel || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        foreach (char c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Parts joined by dots, at most 253 in all. As in Kubernetes a part may be longer than 63; it may not be empty, which also
    /// rules out "." and "..".
    /// </summary>
    public static bool IsSubdomain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxSubdomain)
        {
            return false;
        }

        bool edge = true;
        char last = '.';
        foreach (char c in text)
        {
            bool alphanumeric = c is (>= 'a' and <= 'z') or (>= '0' and <= '9');
            if (!alphanumeric && (edge || c is not ('-' or '.') || (c == '.' && last == '-')))
            {
                return false;
            }

            edge = c == '.';
            last = c;
        }

        return last is not ('-' or '.');
    }
}
