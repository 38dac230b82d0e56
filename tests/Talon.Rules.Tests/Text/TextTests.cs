using Talon.Rules.Text;

namespace Talon.Rules.Tests.Text;

public sealed class TextTests
{
    private static readonly string[] Known = ["match", "actions", "allow_cidr", "allow_namespaces", "allow_dns", "continue", "dry_run", "kubernetes:terminate", "grace_period_seconds", "additional_contexts"];

    [Theory]
    [InlineData("matches", "match")]
    [InlineData("mathc", "match")]
    [InlineData("MATCH", "match")]
    [InlineData("action", "actions")]
    [InlineData("allow", "allow_cidr")]
    [InlineData("contineu", "continue")]
    [InlineData("dryrun", "dry_run")]
    [InlineData("kubernetes:terminat", "kubernetes:terminate")]
    [InlineData("terminate", "kubernetes:terminate")]
    [InlineData("gracePeriods", "grace_period_seconds")]
    [InlineData("contexts", "additional_contexts")]
    [InlineData("_-", null)]
    [InlineData("zzzzzz", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    public void Nearest_Word_FindsWhatWasMeant(string word, string? expected) => Assert.Equal(expected, Suggest.Nearest(word, Known));

    [Fact]
    public void HintFor_Word_AsksForTheNearestOrNamesAll()
    {
        Assert.Equal("did you mean 'match'?", Suggest.HintFor("mtach", ["match", "rules"]));
        Assert.Equal("known: match, rules", Suggest.HintFor("zzzzzz", ["match", "rules"]));
        Assert.Equal("there are none in this version", Suggest.HintFor("zzzzzz", []));
    }

    [Fact]
    public void Nearest_HugeWord_CostsNothing() => Assert.Null(Suggest.Nearest(new string('a', 1_000_000), Known));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("90", 90_000)]
    [InlineData("10m", 600_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1500)]
    [InlineData("1m0.5s", 60_500)]
    [InlineData("365h", 1_314_000_000)]
    [InlineData("8760h", 31_536_000_000)]
    [InlineData("31536000", 31_536_000_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("1d12h", 129_600_000)]
    [InlineData("0.5d", 43_200_000)]
    [InlineData("365d", 31_536_000_000)]
    public void TryParse_Duration_IsRead(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("1.5")]
    [InlineData("5D")]
    [InlineData("366d")]
    [InlineData("5us")]
    [InlineData("s")]
    [InlineData("5s5")]
    [InlineData("1..5s")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("99999999999999h")]
    [InlineData("ten")]
    [InlineData("8760h1ms")]
    [InlineData("31536001")]
    public void TryParse_NoDuration_IsRefused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void TryParse_HugeNumbersOfDays_AreTooLongAndNoOverflow()
    {
        string text = string.Concat(Enumerable.Repeat("99999999999999999999d", 4));
        Assert.False(DurationText.TryParse(text, TimeSpan.MaxValue, out _));
        Assert.True(DurationText.IsTooLong(text));
        Assert.False(DurationText.TryParse(text + "1s", TimeSpan.MaxValue, out _));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(24, "24h")]
    [InlineData(36, "36h")]
    [InlineData(168, "7d")]
    public void FormatShort_Hours_AreWholeDaysWherePossible(int hours, string expected) =>
        Assert.Equal(expected, DurationText.FormatShort(TimeSpan.FromHours(hours)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1ms")]
    [InlineData(1000, "1s")]
    [InlineData(5_400_000, "1h30m")]
    [InlineData(90_061_001, "25h1m1s1ms")]
    public void Format_Duration_IsReadBackAsTheSame(long milliseconds, string expected)
    {
        Assert.Equal(expected, DurationText.Format(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.True(DurationText.TryParse(expected, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }
}
