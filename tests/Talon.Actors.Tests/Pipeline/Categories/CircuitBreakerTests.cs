using Microsoft.Extensions.Time.Testing;
using Talon.Actors.Pipeline.Categories;

namespace Talon.Actors.Tests.Pipeline.Categories;

public sealed class CircuitBreakerTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void New_IsOpenUntilTheFirstSignOfLife()
    {
        var circuit = new CircuitBreaker(_clock);
        Assert.Equal(CircuitState.Open, circuit.State);

        circuit.SignOfLife(first: true);

        Assert.Equal(CircuitState.Closed, circuit.State);
    }

    [Fact]
    public void Note_FiveFailuresWithin30Seconds_Opens()
    {
        var circuit = Closed();
        for (int i = 0; i < 4; i++)
        {
            Assert.False(circuit.Note(reached: false));
            _clock.Advance(TimeSpan.FromSeconds(7));
        }

        Assert.True(circuit.Note(reached: false));
        Assert.Equal(CircuitState.Open, circuit.State);
    }

    [Fact]
    public void Note_FiveFailuresOverLonger_StaysClosed()
    {
        var circuit = Closed();
        for (int i = 0; i < 20; i++)
        {
            Assert.False(circuit.Note(reached: false));
            _clock.Advance(TimeSpan.FromSeconds(8));
        }

        Assert.Equal(CircuitState.Closed, circuit.State);
    }

    [Fact]
    public void Note_OneReachedInBetween_CountsAnew()
    {
        var circuit = Closed();
        for (int i = 0; i < 20; i++)
        {
            circuit.Note(reached: i % 5 == 4);
        }

        Assert.Equal(CircuitState.Closed, circuit.State);
    }

    [Theory]
    [InlineData(true, CircuitState.Closed)]
    [InlineData(false, CircuitState.Open)]
    internal void Note_HalfOpen_TheFirstWordDecides(bool reached, CircuitState then)
    {
        var circuit = Opened();
        circuit.SignOfLife(first: false);
        Assert.Equal(CircuitState.HalfOpen, circuit.State);

        Assert.Equal(!reached, circuit.Note(reached));

        Assert.Equal(then, circuit.State);
    }

    [Fact]
    public void Note_Open_ResultsOfEarlierAttemptsChangeNothing()
    {
        var circuit = Opened();

        Assert.False(circuit.Note(reached: false));
        Assert.False(circuit.Note(reached: true));

        Assert.Equal(CircuitState.Open, circuit.State);
    }

    private CircuitBreaker Closed()
    {
        var circuit = new CircuitBreaker(_clock);
        circuit.SignOfLife(first: true);
        return circuit;
    }

    private CircuitBreaker Opened()
    {
        var circuit = Closed();
        for (int i = 0; i < CircuitBreaker.FailuresThatOpen; i++)
        {
            circuit.Note(reached: false);
        }

        return circuit;
    }
}
