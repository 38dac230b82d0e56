using Talon.Chaos.Checking;
using Talon.Chaos.Records;
using Talon.Rules.Outcomes;
using static Talon.Chaos.Tests.Checking.RunBuilder;

namespace Talon.Chaos.Tests.Checking;

public sealed class ProgressTests
{
    private readonly RunBuilder _run = new();

    private Progress Progress => Progress.Of(_run.Build());

    [Fact]
    public void Slowest_RefusedAtFirst_CountsFromTheFirstPosting()
    {
        _run.Good(posted: 10, done: 11);
        _run.Answer(_run.Events[0], AnswerKind.Refused, sent: 4);

        Assert.Equal(7, Progress.Slowest.TotalSeconds, 3);
    }

    [Fact]
    public void Slowest_EventsThatFailed_DoNotCount()
    {
        _run.Good(posted: 0, done: 2);
        var chaos = _run.Post();
        _run.Answer(chaos, AnswerKind.Accepted);
        long sequence = _run.Accept(chaos);
        _run.Start(sequence);
        _run.Effect(chaos, at: 50);
        _run.Finish(sequence, Failure(FailureKind.Interrupted));

        Assert.Equal(2, Progress.Slowest.TotalSeconds, 3);
        Assert.Equal(2, Progress.Median.TotalSeconds, 3);
    }

    [Fact]
    public void Slowest_AnswerWasCutOff_DoesNotCount()
    {
        _run.Good(posted: 0, done: 2);
        var (cut, _) = _run.Good(posted: 0, done: 60);
        _run.Answers.RemoveAll(a => a.Number == cut.Number);
        _run.Answer(cut, AnswerKind.Unknown);

        Assert.Equal(2, Progress.Slowest.TotalSeconds, 3);
    }

    [Fact]
    public void LongestStall_OthersAreDoneMeanwhile_IsTheSpanWithoutAnyEffect()
    {
        _run.Good(posted: 0, done: 10);
        _run.Good(posted: 1, done: 4);
        _run.Good(posted: 2, done: 5);

        Assert.Equal(10, Progress.Slowest.TotalSeconds, 3);
        Assert.Equal(5, Progress.LongestStall.TotalSeconds, 3);
    }

    [Fact]
    public void LongestStall_NothingWaits_IsNoStall()
    {
        _run.Good(posted: 0, done: 1);
        _run.Good(posted: 100, done: 102);

        Assert.Equal(2, Progress.LongestStall.TotalSeconds, 3);
    }

    [Fact]
    public void LongestStall_AnotherBucketGoesOn_IsOfTheBucketThatStands()
    {
        _run.Good(posted: 0, done: 9);
        for (int second = 1; second < 9; second++)
        {
            _run.Good(posted: second, done: second + 0.5, bucket: "bucket-2");
        }

        Assert.Equal(9, Progress.LongestStall.TotalSeconds, 3);
    }

    [Fact]
    public void After_PostedBeforeAndAfterTheFault_CountsFromTheFaultOrThePosting()
    {
        _run.Good(posted: 0, done: 1);
        _run.Good(posted: 8, done: 16);
        _run.Good(posted: 12, done: 20);

        Assert.Equal(8, Progress.After(At(10), null).TotalSeconds, 3);
        Assert.Equal(3, Progress.After(At(10), At(13)).TotalSeconds, 3);
        Assert.Equal(1, Progress.After(At(10), At(11)).TotalSeconds, 3);
        Assert.Equal(TimeSpan.Zero, Progress.After(At(30), null));
    }

    [Fact]
    public void MedianOf_EvenAndOdd_IsTheMiddle()
    {
        Assert.Equal(TimeSpan.Zero, Progress.MedianOf([]));
        Assert.Equal(TimeSpan.FromSeconds(2), Progress.MedianOf([TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)]));
        Assert.Equal(TimeSpan.FromSeconds(3), Progress.MedianOf([TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(2)]));
    }
}
