using System.Diagnostics.Metrics;
using Talon.Actors.Pipeline.Sinks;

namespace Talon.Host.Tests.Support;

/// <summary>The meters of one test.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public TestMeters() => Meters = new TalonMeters(this);

    public TalonMeters Meters { get; }

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
