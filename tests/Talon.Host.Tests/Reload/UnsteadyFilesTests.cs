using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Telemetry;
using Talon.Host.Reload;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Reload;

public sealed class UnsteadyFilesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ListLog _log = new();
    private readonly UnsteadyFiles _unsteady;

    public UnsteadyFilesTests() => _unsteady = new UnsteadyFiles(TimeSpan.FromSeconds(60), _log, _time);

    [Fact]
    public void Tell_UnsteadyForAMinute_WarnsOnce()
    {
        for (int seconds = 0; seconds < 60; seconds++)
        {
            Assert.True(_unsteady.Tell(unsteady: true));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Empty(_log.Lines);
        _unsteady.Tell(unsteady: true);
        _time.Advance(TimeSpan.FromHours(1));
        _unsteady.Tell(unsteady: true);

        var line = Assert.Single(_log.Lines);
        Assert.Equal(LogLineLevel.Warn, line.Level);
        Assert.Equal("the rule files have changed during every look for 60 s: they are loaded once they stay as they are", line.Result);
    }

    [Fact]
    public void Tell_SteadyInBetween_BeginsAnew()
    {
        _unsteady.Tell(unsteady: true);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.False(_unsteady.Tell(unsteady: false));
        _unsteady.Tell(unsteady: true);
        Assert.Empty(_log.Lines);

        _time.Advance(TimeSpan.FromSeconds(60));
        _unsteady.Tell(unsteady: true);
        _unsteady.Tell(unsteady: false);
        _unsteady.Tell(unsteady: true);
        _time.Advance(TimeSpan.FromSeconds(60));
        _unsteady.Tell(unsteady: true);

        Assert.Equal(2, _log.Lines.Count);
    }
}
