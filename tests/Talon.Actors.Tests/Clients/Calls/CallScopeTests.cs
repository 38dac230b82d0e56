using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Clients.Calls;

namespace Talon.Actors.Tests.Clients.Calls;

/// <summary>The leave to call, and what narrows it.</summary>
public sealed class CallScopeTests
{
    private readonly FakeTimeProvider _clock = new();
    private bool _up = true;
    private string? _first;
    private string? _second;

    [Fact]
    public void While_ConditionFails_RefusesAndTheOuterLeaveStays()
    {
        var outer = Scope();
        var inner = outer.While(() => _first);
        Assert.Null(inner.Refusal());
        _first = "too late";

        Assert.Equal("too late", inner.Refusal());
        Assert.Null(outer.Refusal());
    }

    [Fact]
    public void While_OuterIsOver_SaysWhyTheOuterIs()
    {
        var inner = Scope().While(() => _first);
        _first = "too late";
        _up = false;
        Assert.Contains("no longer Up", inner.Refusal(), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Contains("deadline", inner.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void While_Twice_AsksBoth()
    {
        var inner = Scope().While(() => _first).While(() => _second);
        Assert.Null(inner.Refusal());
        _second = "second";
        Assert.Equal("second", inner.Refusal());
        _first = "first";

        Assert.Equal("first", inner.Refusal());
    }

    [Theory]
    [InlineData(0, null, 10)]
    [InlineData(4, null, 6)]
    [InlineData(11, null, 0)]
    [InlineData(0, 3, 3)]
    [InlineData(8, 3, 2)]
    [InlineData(0, 0, 0)]
    public void Left_IsTheShorterOfDeadlineAndTurn(int passed, int? turn, int left)
    {
        var inner = Scope().While(() => null, turn is { } seconds ? () => TimeSpan.FromSeconds(seconds) : null);
        _clock.Advance(TimeSpan.FromSeconds(passed));

        Assert.Equal(TimeSpan.FromSeconds(left), inner.Left);
        Assert.Equal(TimeSpan.FromSeconds(left), inner.While(() => null).Left);
    }

    [Fact]
    public void Note_Inner_IsNotedByTheOuterToo()
    {
        var outer = Scope();
        outer.While(() => null).Note(reached: false);

        Assert.False(outer.Reached);
    }

    [Fact]
    public async Task Token_IsTheOuterOne()
    {
        using var stopped = new CancellationTokenSource();
        var inner = new CallScope(_clock, TimeSpan.FromSeconds(10), () => true, stopped.Token).While(() => null);
        await stopped.CancelAsync();

        Assert.True(inner.Token.IsCancellationRequested);
    }

    private CallScope Scope() => new(_clock, TimeSpan.FromSeconds(10), () => _up, CancellationToken.None);
}
