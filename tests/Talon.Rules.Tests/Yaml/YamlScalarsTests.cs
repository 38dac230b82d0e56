using Talon.Rules.Yaml;

namespace Talon.Rules.Tests.Yaml;

public sealed class YamlScalarsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-7", -7)]
    [InlineData("+7", 7)]
    [InlineData("007", 7)]
    [InlineData("0x0", 0)]
    [InlineData("0x1F", 31)]
    [InlineData("0o0", 0)]
    [InlineData("0o17", 15)]
    [InlineData("0o07", 7)]
    [InlineData("0o77777777777777777777", 0xFFFFFFFFFFFFFFF)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void TryWhole_Number_IsRead(string text, long expected)
    {
        Assert.True(YamlScalars.TryWhole(text, out long value));
        Assert.Equal(expected, value);
        Assert.Equal(YamlScalarKind.Whole, YamlScalars.KindOf(text));
    }

    [Theory]
    [InlineData("1.5", YamlScalarKind.Real)]
    [InlineData(".5", YamlScalarKind.Real)]
    [InlineData("5.", YamlScalarKind.Real)]
    [InlineData("-1e9", YamlScalarKind.Real)]
    [InlineData("1E+9", YamlScalarKind.Real)]
    [InlineData(".inf", YamlScalarKind.Real)]
    [InlineData("-.INF", YamlScalarKind.Real)]
    [InlineData(".NaN", YamlScalarKind.Real)]
    [InlineData("9223372036854775808", YamlScalarKind.Real)]
    [InlineData("", YamlScalarKind.Null)]
    [InlineData("~", YamlScalarKind.Null)]
    [InlineData("TRUE", YamlScalarKind.Flag)]
    [InlineData("tRUE", YamlScalarKind.Text)]
    [InlineData("yes", YamlScalarKind.Text)]
    [InlineData("0o", YamlScalarKind.Text)]
    [InlineData("0o8", YamlScalarKind.Text)]
    [InlineData("0o7/", YamlScalarKind.Text)]
    [InlineData("0o777777777777777777777", YamlScalarKind.Text)]
    [InlineData("0x", YamlScalarKind.Text)]
    [InlineData("0xFFFFFFFFFFFFFFFF", YamlScalarKind.Text)]
    [InlineData(".", YamlScalarKind.Text)]
    [InlineData("+", YamlScalarKind.Text)]
    [InlineData("1e", YamlScalarKind.Text)]
    [InlineData("1e5x", YamlScalarKind.Text)]
    [InlineData("1_000", YamlScalarKind.Text)]
    [InlineData("12:30", YamlScalarKind.Text)]
    public void KindOf_OtherScalars_IsTheirMeaning(string text, object kind) => Assert.Equal(kind, YamlScalars.KindOf(text));
}
