using System.Text.Json;

namespace Talon.Rules.Tests.Events;

public sealed class OutputTests
{
    [Theory]
    [InlineData("13:02:07.004519883: Warning Shell opened by root", "Shell opened by root")]
    [InlineData("13:02:07.004519883: warning  two blanks", " two blanks")]
    [InlineData("12:00:00.123456789: Critical hello", "hello")]
    [InlineData("12:00:00.123456789: Informational hello", "hello")]
    [InlineData("12:00:00.123456789: Info hello", "hello")]
    [InlineData("12:00:00.123456789: EMERGENCY", "")]
    [InlineData("2025-03-01T13:02:07.004519883+0000: Warning x", "x")]
    [InlineData("2025-03-01T13:02:07.004519883Z: Warning x", "x")]
    [InlineData("2025-03-01T13:02:07.004519883-05:30: Notice x", "x")]
    [InlineData("12:00:00.123456789: Warning: x", ": x")]
    public void Output_WithPrefix_IsTrimmed(string sent, string expected) => Assert.Equal(expected, OutputOf(sent));

    [Theory]
    [InlineData("no prefix at all")]
    [InlineData("Critical x")]
    [InlineData("12:00:00.123456789: Warnings x")]
    [InlineData("12:00:00.123456789: Informations x")]
    [InlineData("12:00:00.123456789: Unknown x")]
    [InlineData("12:00:00.12345678: Warning x")]
    [InlineData("12:00:00.1234567890: Warning x")]
    [InlineData("12:00:00.123456789:Warning x")]
    [InlineData(" 12:00:00.123456789: Warning x")]
    [InlineData("2025-03-01T13:02:07.004519883: Warning x")]
    [InlineData("2025-03-01 13:02:07.004519883Z: Warning x")]
    [InlineData("")]
    public void Output_WithoutPrefix_IsUnchanged(string sent) => Assert.Equal(sent, OutputOf(sent));

    private static string OutputOf(string sent) => Make.Event($"{{\"output\":{JsonSerializer.Serialize(sent)}}}").Output;
}
