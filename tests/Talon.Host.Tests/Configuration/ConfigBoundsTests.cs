using System.Text.RegularExpressions;
using Talon.Host.Configuration;

namespace Talon.Host.Tests.Configuration;

/// <summary>The bounds that a message tells are those that hold, for every key that has any.</summary>
public sealed partial class ConfigBoundsTests
{
    public static IEnumerable<object[]> Keys { get; } =
        [.. ConfigKeys.All.Where(key => !key.IsList && Bounds().IsMatch(key.Expected)).Select(key => new object[] { key.Name })];

    [Fact]
    public void Keys_WithBounds_AreAllOfTheNumbersSizesAndDurations() => Assert.Equal(
        [
            "listen_port", "deduplication.time_window_seconds", "max_age", "retry.max_age", "lanes.short", "lanes.long", "ingress.max_body",
            "shutdown.grace_period", "journal.max_connections", "outputs.spool.max_size", "audit.retention", "audit.max_facts_per_bucket", "cluster.port", "cluster.join_timeout",
        ],
        Keys.Select(row => row[0]));

    [Theory]
    [MemberData(nameof(Keys))]
    public void Read_AtTheBounds_IsTaken(string name)
    {
        var key = ConfigKeys.Find(name)!;
        var (least, most) = BoundsOf(key);

        Assert.NotNull(key.Apply(new TalonOptions(), [least]));
        Assert.NotNull(key.Apply(new TalonOptions(), [most]));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Read_OutsideTheBounds_IsRefusedWithBoth(string name)
    {
        var key = ConfigKeys.Find(name)!;
        var (least, most) = BoundsOf(key);
        string[] outside =
        [
            "-1", "-99999999999", "99999999999", "99999999999999999999999999999999", .. Below(least), Above(most),
            "999999999999999999999d", string.Concat(Enumerable.Repeat("999999999999d", 2_000)),
        ];

        foreach (string text in outside)
        {
            string error = Assert.Single(ConfigText.Read("", new() { [key.Environment] = text }).Errors);

            Assert.Contains($"{key.Name} ({key.Environment}) must be {key.Expected}, not '", error, StringComparison.Ordinal);
            Assert.Contains($"from {least}", error, StringComparison.Ordinal);
            Assert.Contains($"to {most}", error, StringComparison.Ordinal);
        }
    }

    private static (string Least, string Most) BoundsOf(ConfigKey key)
    {
        var match = Bounds().Match(key.Expected);
        return (match.Groups["least"].Value, match.Groups["most"].Value);
    }

    // The next smaller and larger of the same form: 1Ki is a number of bytes, 5s of seconds.
    private static string[] Below(string least) => least switch
    {
        "1Ki" => ["1023"],
        "1Mi" => ["1048575"],
        "1h" => ["59m59s"],
        "5s" => ["4999ms"],
        "0" => [],
        _ => [$"{int.Parse(least, System.Globalization.CultureInfo.InvariantCulture) - 1}"],
    };

    private static string Above(string most) => most switch
    {
        "1Mi" => "1048577",
        "64Gi" => "68719476737",
        [.., 'd' or 'h' or 's'] => most + "1ms",
        _ => $"{int.Parse(most, System.Globalization.CultureInfo.InvariantCulture) + 1}",
    };

    [GeneratedRegex(@" from (?<least>[0-9][0-9A-Za-z]*)( \([^)]*\))? to (?<most>[0-9][0-9A-Za-z]*)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Bounds();
}
