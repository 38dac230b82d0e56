using Talon.Actors.Pipeline.Sinks;
using Talon.Rules.Outcomes;

namespace Talon.Actors.Tests.Pipeline.Sinks;

public sealed class OutcomeTextTests
{
    [Fact]
    public void Of_CapturedTexts_ShowsOnlyThoseThatAreInline()
    {
        var outcome = new ActionOutcome.Succeeded("exit code 0", SampleOutcomes.NoObjects)
        {
            Captured =
            [
                new CapturedText("stdout", "uid=0", 5, "aa", Inline: true),
                new CapturedText("stderr", "", 0, "bb", Inline: true),
                new CapturedText("log app", "password", 8, "cc", Inline: false),
            ],
        };

        Assert.Equal("exit code 0\nstdout:\nuid=0", OutcomeText.Of(outcome));
    }

    [Theory]
    [InlineData(FailureKind.ConnectionLost, "connection_lost")]
    [InlineData(FailureKind.Interrupted, "interrupted")]
    public void Word_Kind_IsOneWord(FailureKind kind, string word) => Assert.Equal(word, OutcomeText.Word(kind));
}
