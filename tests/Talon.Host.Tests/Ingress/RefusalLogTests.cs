using Microsoft.Extensions.Time.Testing;
using Talon.Host.Ingress;
using Talon.Host.Tests.Support;

namespace Talon.Host.Tests.Ingress;

public sealed class RefusalLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ListLog _log = new();

    [Fact]
    public void Tell_ManyRefusals_SpeaksAtOnceThenWithTheirNumber()
    {
        var refusals = new RefusalLog(_log, _time);

        refusals.Record("full", "first");
        refusals.Record("full", "second");
        refusals.Record("full", "third");
        _time.Advance(RefusalLog.Quiet);
        refusals.Record("full", "fourth");

        Assert.Equal("1 request(s), cause full|3 request(s), cause full", string.Join('|', _log.Lines.Select(line => line.Result)));
        Assert.Equal("first|fourth", string.Join('|', _log.Lines.Select(line => line.Error)));
    }

    [Fact]
    public void Tell_OtherCause_SpeaksForItself()
    {
        var refusals = new RefusalLog(_log, _time);

        refusals.Record("full", "x");
        refusals.Record("auth", "y");

        Assert.Equal(2, _log.Lines.Count);
    }
}
