using Microsoft.Extensions.Time.Testing;
using Talon.Host.Logging;

namespace Talon.Host.Tests.Logging;

public sealed class RepeatedLinesTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RepeatedLines _lines;

    public RepeatedLinesTests() => _lines = new RepeatedLines(_clock);

    [Fact]
    public void MayTell_SameLineWithinAMinute_IsLeftOutAndCounted()
    {
        Assert.True(_lines.MayTell("akka", "node 2 is away", out _));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(_lines.MayTell("akka", "node 2 is away", out _));
        Assert.False(_lines.MayTell("akka", "node 2 is away", out _));
        Assert.True(_lines.MayTell("akka", "node 3 is away", out _));
        Assert.True(_lines.MayTell("host", "node 2 is away", out _));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(_lines.MayTell("akka", "node 2 is away", out string? told));
        Assert.Equal("node 2 is away (2 more like this since the last one told)", told);
        Assert.False(_lines.MayTell("akka", "node 2 is away", out _));
    }

    [Fact]
    public void MayTell_AFloodOfDifferentLines_IsWrittenAndForgotten()
    {
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(_lines.MayTell("akka", $"line {i}", out _));
        }

        Assert.False(_lines.MayTell("akka", "line 9999", out _));
        Assert.True(_lines.MayTell("akka", "line 0", out _));
    }
}
