using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Talon.KubeApi.Json;

/// <summary>Times of leases and events: exactly six digits after the point, shown in UTC.</summary>
internal static partial class MicroTime
{
    private const string Layout = "2006-01-02T15:04:05.000000Z07:00";

    /// <summary>Checks the times at these paths and brings them to UTC.</summary>
    /// <returns>The first fault in Go's words, or null.</returns>
    public static string? Normalise(JsonObject json, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            var parts = path.Split('.');
            var parent = parts.SkipLast(1).Aggregate((JsonNode?)json, (at, part) => (at as JsonObject)?[part]) as JsonObject;
            if (parent?[parts[^1]] is not JsonValue value || !value.TryGetValue<string>(out var text))
                continue;
            if (Fault(text) is { } fault)
                return fault;
            var time = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
            parent[parts[^1]] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        }

        return null;
    }

    private static string? Fault(string text)
    {
        if (Whole().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return null;
        var (rest, wanted) = text switch
        {
            _ when Fraction().Match(text) is { Success: true } m => (text[m.Length..], "Z07:00"),
            _ when Second().Match(text) is { Success: true } m => (text[m.Length..], ".000000"),
            _ when Day().Match(text) is { Success: true } m => (text[m.Length..], "T"),
            _ => (text, "2006"),
        };
        return $"parsing time \"{text}\" as \"{Layout}\": cannot parse \"{rest}\" as \"{wanted}\"";
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fraction();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Second();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Day();
}
