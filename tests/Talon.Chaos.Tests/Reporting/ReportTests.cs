using Talon.Chaos.Checking;
using Talon.Chaos.Records;
using Talon.Chaos.Reporting;
using Talon.Chaos.Scenarios;
using Talon.Chaos.Tests.Checking;

namespace Talon.Chaos.Tests.Reporting;

public sealed class ReportTests
{
    private readonly RunBuilder _run = new();

    [Fact]
    public void Row_AGoodRun_TellsItsNumbers()
    {
        _run.Good(posted: 1, done: 4.5);

        string row = Report.Row(Result());

        Assert.Equal("| a: kills | 7 | 1 (1) | 1 | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0 | 3.5 s | 3.5 s |", row);
    }

    [Fact]
    public void Of_AViolation_IsNamedBelowTheTable()
    {
        var chaos = _run.Post();
        _run.Answer(chaos, AnswerKind.Accepted);
        var result = Result();

        string report = Report.Of([result], "2026-11-29", "a machine", "1.2.3");

        Assert.False(result.IsGood);
        Assert.Contains("| 1 | 0 | 0 |", report, StringComparison.Ordinal);
        Assert.Contains("Lost: chaos event 000000: it was answered with 200", report, StringComparison.Ordinal);
        Assert.StartsWith("2026-11-29; talon 1.2.3; a machine.", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Kills_SeveralRuns_MedianAndWorst()
    {
        _run.Good(posted: 0, done: 12);
        var result = Result() with
        {
            Faults =
            [
                (new FaultMoment(RunBuilder.At(0), "kill -9", "x"), TimeSpan.FromSeconds(9)),
                (new FaultMoment(RunBuilder.At(0), "kill -9", "y"), TimeSpan.FromSeconds(14)),
                (new FaultMoment(RunBuilder.At(0), "kill -9", "z"), TimeSpan.FromSeconds(11)),
                (new FaultMoment(RunBuilder.At(0), "SIGSTOP", "z"), TimeSpan.FromSeconds(60)),
            ],
        };

        Assert.Equal("Longest wait of any event after a kill -9, over 3 kills: median 11.0 s, worst 14.0 s.\n", Report.Kills([result]));
    }

    [Fact]
    public void IsGood_AFailureWhereNoneIsAllowed_IsNot()
    {
        var chaos = _run.Post();
        long sequence = _run.Accept(chaos);
        _run.Finish(sequence, RunBuilder.Failure(Rules.Outcomes.FailureKind.ServerError));
        var result = Result();

        Assert.True(result.IsGood);
        Assert.False((result with { Scenario = result.Scenario with { AllowsNoFailure = true } }).IsGood);
        Assert.False((result with { Scenario = result.Scenario with { RuleSets = 2 } }).IsGood);
    }

    private ScenarioResult Result()
    {
        var record = _run.Build();
        return new ScenarioResult
        {
            Scenario = new Scenario("a", "kills", new Chaos.Load.LoadPlan(), (_, _) => Task.CompletedTask),
            Seed = 7,
            Verdict = Checker.Check(record),
            Progress = Progress.Of(record),
            Faults = [],
            Exits = [],
            LastExits = [],
            Toothless = [],
            Duration = TimeSpan.FromSeconds(1),
            Folder = "folder",
        };
    }
}
