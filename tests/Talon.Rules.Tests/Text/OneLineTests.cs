using Talon.Rules.Text;

namespace Talon.Rules.Tests.Text;

public sealed class OneLineTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData(" \n ", "")]
    [InlineData("plain", "plain")]
    [InlineData("  two\r\n\tlines ", "two lines")]
    [InlineData("bell\u0007 and \u001b[31mred", "bell and [31mred")]
    [InlineData("right\u202eleft", "right left")]
    public void From_ForeignText_IsOneLineWithoutControls(string? text, string expected) => Assert.Equal(expected, OneLine.From(text));

    [Fact]
    public void From_LongText_IsCutAndMarked()
    {
        string line = OneLine.From(new string('x', 20_000));

        Assert.Equal(new string('x', OneLine.MaxLength) + "…", line);
    }

    [Fact]
    public void From_PairAtTheCut_IsNotTornApart()
    {
        string line = OneLine.From(new string('x', OneLine.MaxLength - 1) + "😀");

        Assert.Equal(new string('x', OneLine.MaxLength - 1) + "…", line);
    }
}
