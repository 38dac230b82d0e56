using System.Globalization;

namespace Talon.Benchmarks.Http;

/// <summary>The options of <c>http</c>.</summary>
internal sealed record HttpOptions
{
    public const string Usage = "usage: http [--seconds 1..300] [--connections 1..1000] [--only LETTERS, for instance a,b,c]";

    /// <summary>How long each load lasts; null: what the scenario itself says.</summary>
    public int? Seconds { get; init; }

    /// <summary>How many connections; null: what the scenario itself says.</summary>
    public int? Connections { get; init; }

    /// <summary>The letters of the scenarios to run; empty: all.</summary>
    public IReadOnlySet<string> Only { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Reads the command line; null and one line of reason when it is wrong.</summary>
    public static HttpOptions? Parse(IReadOnlyList<string> args, IReadOnlyCollection<string> letters, out string fault)
    {
        var options = new HttpOptions();
        fault = "";
        for (int i = 0; i < args.Count; i += 2)
        {
            string value = i + 1 < args.Count ? args[i + 1] : "";
            string[] only = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            switch (args[i])
            {
                case "--seconds" when Whole(value) is >= 1 and <= 300 and var seconds:
                    options = options with { Seconds = seconds };
                    break;
                case "--connections" when Whole(value) is >= 1 and <= 1000 and var connections:
                    options = options with { Connections = connections };
                    break;
                case "--only" when only.Length > 0 && only.All(letters.Contains):
                    options = options with { Only = only.ToHashSet(StringComparer.Ordinal) };
                    break;
                default:
                    fault = $"wrong argument {args[i]} {value}; {Usage} (there are {string.Join(',', letters)})";
                    return null;
            }
        }

        return options;
    }

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
