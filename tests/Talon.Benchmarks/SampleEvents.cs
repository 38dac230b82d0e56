using System.Text.Json;

namespace Talon.Benchmarks;

/// <summary>The 600 recorded sample events that the tests of the rules also read.</summary>
internal static class SampleEvents
{
    /// <summary>The bodies, those of Falco and those of Falcosidekick.</summary>
    public static byte[][] Bodies { get; } =
    [
        .. new[] { "falco.jsonl", "falcosidekick.jsonl" }
            .SelectMany(file => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Events", file)))
            .Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    /// <summary>The names of the Falco rules in them, each once.</summary>
    public static string[] FalcoRules { get; } =
    [
        .. Bodies.Select(NameOf).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static string NameOf(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("rule", out var rule) ? rule.GetString() ?? "" : "";
    }
}
