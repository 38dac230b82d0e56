using BenchmarkDotNet.Attributes;
using Talon.Rules.Events;
using Talon.Rules.Matching;

namespace Talon.Benchmarks.Micro;

/// <summary>Matching and planning. Figures are per event, over all 600 of the sample.</summary>
[MemoryDiagnoser]
public class MatchBenchmarks
{
    private const int Events = 600;
    private byte[][] _bodies = [];
    private FalcoEvent[] _events = [];
    private RuleSet _rules = null!;

    [Params(100, 1000)]
    public int Rules { get; set; }

    [Params(RuleKind.Named, RuleKind.Unnamed)]
    public RuleKind Kind { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bodies = Sample.Bodies(Events);
        _events = Sample.Parse(_bodies);
        _rules = Sample.Load(Kind == RuleKind.Named ? RuleTexts.Named(Rules) : RuleTexts.Unnamed(Rules));
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Match()
    {
        int matching = 0;
        foreach (var falcoEvent in _events)
        {
            matching += _rules.Match(falcoEvent).Count;
        }

        return matching;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Plan()
    {
        int planned = 0;
        foreach (var falcoEvent in _events)
        {
            planned += _rules.Plan(falcoEvent)?.Rules.Length ?? 0;
        }

        return planned;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int ParseAndMatch()
    {
        int matching = 0;
        foreach (byte[] body in _bodies)
        {
            matching += FalcoEventParser.Parse(body).Event is { } falcoEvent ? _rules.Match(falcoEvent).Count : 0;
        }

        return matching;
    }
}
