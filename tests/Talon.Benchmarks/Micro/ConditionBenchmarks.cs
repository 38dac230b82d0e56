using BenchmarkDotNet.Attributes;
using Talon.Rules.Events;
using Talon.Rules.Matching;

namespace Talon.Benchmarks.Micro;

/// <summary>Matching 100 rules of one condition each. Figures are per event, over all 600 of the sample.</summary>
[MemoryDiagnoser]
public class ConditionBenchmarks
{
    private const int Events = 600;
    private const int Rules = 100;
    private FalcoEvent[] _events = [];
    private RuleSet _rules = null!;

    [Params("startswith curl#", "endswith curl#", "contains curl#", "icontains CURL#", "glob *curl#*x", "regex .*curl#.*x")]
    public string Condition { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _events = Sample.Parse(Sample.Bodies(Events));
        _rules = Sample.Load(RuleTexts.WithCondition(Condition, Rules));
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
}
