namespace Talon.Actors.Actionners.Captures;

/// <summary>The name of a container image as registries take it: <c>[host[:port]/]path[:tag][@sha256:digest]</c>.</summary>
internal static class ImageReference
{
    private const int MaxName = 255;
    private const int MaxTag = 128;
    private const string Sha256 = "sha256:";
    private const int Sha256Digits = 64;

    /// <summary>Null when it is one, else what is wrong.</summary>
    public static string? Check(string text) => IsReference(text)
        ? null
        : "must be the name of an image such as example.com/tools/tcpdump:4.99.5 or example.com/tools/tcpdump@sha256:<64 hex digits>";

    private static bool IsReference(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0 && !IsDigest(text[(at + 1)..]))
        {
            return false;
        }

        string name = at >= 0 ? text[..at] : text;
        int colon = name.IndexOf(':', name.LastIndexOf('/') + 1);
        if (colon >= 0 && !IsTag(name[(colon + 1)..]))
        {
            return false;
        }

        string[] parts = (colon >= 0 ? name[..colon] : name).Split('/');
        bool hasHost = parts.Length > 1 && (parts[0] == "localhost" || parts[0].AsSpan().ContainsAny('.', ':'));
        return name.Length <= MaxName && (!hasHost || IsHost(parts[0])) && parts.Skip(hasHost ? 1 : 0).All(IsPart);
    }

    private static bool IsDigest(string text) =>
        text.StartsWith(Sha256, StringComparison.Ordinal) && text.Length == Sha256.Length + Sha256Digits && text[Sha256.Length..].All(char.IsAsciiHexDigitLower);

    private static bool IsTag(string text) =>
        text.Length is > 0 and <= MaxTag && text[0] is not ('.' or '-') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static bool IsHost(string text) =>
        char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':');

    private static bool IsPart(string text) =>
        text.Length > 0 && IsLowerOrDigit(text[0]) && IsLowerOrDigit(text[^1]) && text.All(c => IsLowerOrDigit(c) || c is '.' or '_' or '-');

    private static bool IsLowerOrDigit(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
