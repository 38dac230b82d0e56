using Talon.Actors.Actionners.Removal;

namespace Talon.Actors.Tests.Actionners.Removal;

public sealed class ReplicaThresholdTests
{
    [Theory]
    [InlineData("0", 0, 3, true)]
    [InlineData("2", 2, 3, true)]
    [InlineData("2", 1, 3, false)]
    [InlineData("+2", 2, 3, true)]
    [InlineData("0%", 0, 3, true)]
    [InlineData("33%", 1, 3, true)]
    [InlineData("34%", 1, 3, false)]
    [InlineData("50%", 50, 100, true)]
    [InlineData("50%", 49, 100, false)]
    [InlineData("33%", 33, 100, true)]
    [InlineData("100%", 2, 3, false)]
    [InlineData("100%", 3, 3, true)]
    [InlineData("50%", 0, 0, true)]
    [InlineData("100%", 2147483647, 2147483647, true)]
    [InlineData("100%", 2147483646, 2147483647, false)]
    public void Holds_RemainingOfDesired_IsCountedExactly(string text, int remaining, int desired, bool holds)
    {
        Assert.True(ReplicaThreshold.TryParse(text, out var threshold));
        Assert.Equal(holds, threshold.Holds(remaining, desired));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("-1")]
    [InlineData("101%")]
    [InlineData("-5%")]
    [InlineData("1.5")]
    [InlineData("33 %")]
    [InlineData(" 2")]
    [InlineData("two")]
    [InlineData("++2")]
    [InlineData("2%%")]
    [InlineData("99999999999")]
    public void TryParse_NeitherNumberNorPercentage_IsRefused(string? text) => Assert.False(ReplicaThreshold.TryParse(text, out _));
}
