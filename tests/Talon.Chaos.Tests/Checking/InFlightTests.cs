using Talon.Chaos.Checking;
using Talon.Chaos.Records;
using Talon.Cluster.Wire;
using Talon.Rules.Outcomes;

namespace Talon.Chaos.Tests.Checking;

public sealed class InFlightTests
{
    private readonly RunBuilder _run = new();

    [Fact]
    public void Of_StartedWithoutEnd_IsInFlight()
    {
        _run.Good();
        _run.Start(_run.Accept(_run.Post()));

        Assert.Equal(["node"], InFlight.Of(_run.Journal, execsOnly: false));
        Assert.Empty(InFlight.Of(_run.Journal, execsOnly: true));
    }

    [Fact]
    public void Of_ACommandWithoutEnd_IsInFlight()
    {
        _run.Start(_run.Accept(_run.Post(WorkKind.Exec), actions: RunBuilder.Action(0, "kubernetes:exec")));

        Assert.Equal(["node"], InFlight.Of(_run.Journal, execsOnly: true));
    }

    [Fact]
    public void Of_ARetryIsScheduled_IsNot()
    {
        long sequence = _run.Accept(_run.Post());
        _run.Start(sequence);
        _run.Write("bucket-1", new Facts.RetryScheduled(sequence, 0, 1, FailureKind.ServerError, "500", 500, 0));

        Assert.Empty(InFlight.Of(_run.Journal, execsOnly: false));
    }
}
