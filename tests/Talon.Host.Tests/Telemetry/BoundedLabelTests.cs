using Talon.Actors.Telemetry;

namespace Talon.Host.Tests.Telemetry;

public sealed class BoundedLabelTests
{
    [Fact]
    public void Of_MoreValuesThanTheLimit_LaterOnesAreOther()
    {
        var label = new BoundedLabel(2);

        Assert.Equal("a", label.Of("a"));
        Assert.Equal("b", label.Of("b"));
        Assert.Equal(BoundedLabel.Other, label.Of("c"));
        Assert.Equal("a", label.Of("a"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Of_Nothing_NoLabel(string? value) => Assert.Null(new BoundedLabel(1).Of(value));

    [Fact]
    public void Of_LongValue_IsOther() => Assert.Equal(BoundedLabel.Other, new BoundedLabel(9).Of(new string('x', BoundedLabel.MaxLength + 1)));

    [Fact]
    public async Task Of_ManyThreads_NeverPassesMoreThanTheLimit()
    {
        var label = new BoundedLabel(50);

        var passed = await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
            Enumerable.Range(0, 200).Select(i => label.Of($"{thread}-{i}")).ToList())));

        Assert.InRange(passed.SelectMany(x => x).Where(x => x != BoundedLabel.Other).Distinct(StringComparer.Ordinal).Count(), 1, 50);
    }
}
