namespace Talon.Actors.Clients.Kubernetes.Names;

/// <summary>
/// The one place where names are checked before they may become part of a URL: the client library neither checks nor escapes
/// them, and an empty name in a DELETE would take the whole collection. Rules of RFC 1123 as Kubernetes applies them.
/// </summary>
internal static class Dns1123
{
    public const int MaxLabel = 63;
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
