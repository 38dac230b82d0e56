using BenchmarkDotNet.Attributes;
using Talon.Rules.Events;
using EventId = Talon.Rules.Events.EventId;

namespace Talon.Benchmarks.Micro;

/// <summary>Reading events. Figures are per event, over all 600 of the sample.</summary>
[MemoryDiagnoser]
public class EventBenchmarks
{
    private const int Events = 600;
    private byte[][] _bodies = [];
    private FalcoEvent[] _events = [];

    [GlobalSetup]
    public void Setup()
    {
        _bodies = Sample.Bodies(Events);
        _events = Sample.Parse(_bodies);
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int Parse()
    {
        int events = 0;
        foreach (byte[] body in _bodies)
        {
            events += FalcoEventParser.Parse(body).IsEvent ? 1 : 0;
        }

        return events;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public ulong EventIdCompute()
    {
        ulong all = 0;
        foreach (var falcoEvent in _events)
        {
            all ^= EventId.Compute(falcoEvent).High;
        }

        return all;
    }
}
