using Talon.Actors.Catalog;
using Talon.Rules.Events;
using Talon.Rules.Loading;
using Talon.Rules.Loading.Files;
using Talon.Rules.Matching;

namespace Talon.Benchmarks.Micro;

/// <summary>What the micro benchmarks work on. Anything unexpected ends the run: figures of a broken sample would mislead.</summary>
internal static class Sample
{
    public static byte[][] Bodies(int expected) => SampleEvents.Bodies.Length == expected
        ? SampleEvents.Bodies
        : throw new InvalidOperationException($"the sample has {SampleEvents.Bodies.Length} events, not {expected}");

    public static FalcoEvent[] Parse(byte[][] bodies) =>
        [.. bodies.Select(body => FalcoEventParser.Parse(body) is { IsEvent: true } parsed
            ? parsed.Event
            : throw new InvalidOperationException("the sample holds a body that is no event"))];

    public static RuleSet Load(string text)
    {
        var loaded = RuleLoader.Load([new RuleFile("benchmark.yaml", text)], PluginCatalog.Default);
        return loaded.Rules ?? throw new InvalidOperationException(string.Join('\n', loaded.Diagnostics));
    }
}
