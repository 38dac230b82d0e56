using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Talon.Actors.Telemetry;
using Talon.Host.Logging;

namespace Talon.Host.Tests.Logging;

public sealed class LogLineFormatterTests
{
    private static readonly DateTimeOffset Time = new(2025, 4, 17, 10, 41, 12, 330, TimeSpan.FromHours(2));

    private static readonly LogLine Action = new("action")
    {
        Level = LogLineLevel.Error,
        Rule = "Shell",
        Event = "A shell <NA> \u00fc",
        Priority = "Notice",
        Source = "syscall",
        Output = "done",
        Actionner = "kubernetes:label",
        Category = "kubernetes",
        Action = "Label pod",
        Status = "failure",
        Result = "r",
        TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
        EventKey = "ab-7",
        Attempt = 2,
        Objects = ImmutableSortedDictionary<string, string>.Empty.Add("pod", "cart-0").Add("error", "not the error").Add("namespace", "checkout"),
        Error = "no \"way\"",
    };

    [Fact]
    public void Json_AllFields_InTheOrderOfTheOriginal() => Assert.Equal(
        """{"level":"error","rule":"Shell","event":"A shell <NA> ü","priority":"Notice","source":"syscall","output":"done","actionner":"kubernetes:label","category":"kubernetes","action":"Label pod","status":"failure","result":"r","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","event_key":"ab-7","attempt":2,"objects":{"error":"not the error","namespace":"checkout","pod":"cart-0"},"error":"no \"way\"","time":"2025-04-17T08:41:12.330Z","message":"action"}""" + "\n",
        Format(new JsonLogLineFormatter(), Action));

    [Fact]
    public void Json_EmptyFields_AreLeftOut() => Assert.Equal(
        """{"level":"info","time":"2025-04-17T08:41:12.330Z","message":"init"}""" + "\n",
        Format(new JsonLogLineFormatter(), new LogLine("init") { Rule = "", Objects = ImmutableSortedDictionary<string, string>.Empty }));

    [Fact]
    public void Json_FrameworkLine_NamesItsLogger() => Assert.Contains(
        "\"logger\":\"Microsoft.X\"",
        Format(new JsonLogLineFormatter(), new LogLine("host"), "Microsoft.X"),
        StringComparison.Ordinal);

    [Fact]
    public void Text_AllFields_ErrorFirstThenAlphabetical() => Assert.Equal(
        """2025-04-17T08:41:12.330Z ERR action error="no \"way\"" action="Label pod" actionner=kubernetes:label attempt=2 category=kubernetes event="A shell <NA> ü" event_key=ab-7 objects.error="not the error" objects.namespace=checkout objects.pod=cart-0 output=done priority=Notice result=r rule=Shell source=syscall status=failure trace_id=4bf92f3577b34da6a3ce929d0e0e4736""" + "\n",
        Format(new ConsoleLogLineFormatter(color: false), Action));

    [Fact]
    public void Color_Line_PaintsTimeLevelMessageNamesAndError() => Assert.Equal(
        "\e[90m2025-04-17T08:41:12.330Z\e[0m \e[33mWRN\e[0m \e[1mretry\e[0m \e[36merror=\e[0m\e[1m\e[31mslow\e[0m \e[36mrule=\e[0mShell\n",
        Format(new ConsoleLogLineFormatter(color: true), new LogLine("retry") { Level = LogLineLevel.Warn, Error = "slow", Rule = "Shell" }));

    [Theory]
    [InlineData("\e[31mred\e[0m")]
    [InlineData("line\nforged 2025 INF action")]
    [InlineData("\r\b\a\0\u007f")]
    [InlineData("\u009b31m")]
    [InlineData("\u2028\u2029\u0085")]
    [InlineData("\u202egnp.exe")]
    [InlineData("\u200b\ufeff")]
    [InlineData("\ud800 alone")]
    public void AnyFormat_ControlCharactersFromAnEvent_AreEscaped(string hostile)
    {
        var line = new LogLine("event") { Output = hostile, Objects = ImmutableSortedDictionary<string, string>.Empty.Add(hostile, hostile) };
        foreach (var formatter in new ILogLineFormatter[] { new JsonLogLineFormatter(), new ConsoleLogLineFormatter(color: false) })
        {
            string text = Format(formatter, line);

            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            Assert.DoesNotContain(text[..^1], c => char.IsControl(c) || char.GetUnicodeCategory(c) is
                System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator);
        }
    }

    [Fact]
    public void Json_HostileText_IsReadBackAsItWas()
    {
        const string Hostile = "\e]0;title\a \"quoted\" \\ \u202e </script> \u0085";

        using var json = JsonDocument.Parse(Format(new JsonLogLineFormatter(), new LogLine("event") { Output = Hostile }));

        Assert.Equal(Hostile, json.RootElement.GetProperty("output").GetString());
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a=b:c<NA>", "a=b:c<NA>")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("back\\slash", "\"back\\\\slash\"")]
    [InlineData("tab\t", "\"tab\\t\"")]
    [InlineData("\e[0m", "\"\\x1b[0m\"")]
    [InlineData("ü", "\"ü\"")]
    [InlineData("\u00a0", "\"\\u00a0\"")]
    [InlineData("\U0001f600", "\"\U0001f600\"")]
    [InlineData("\U000e0001", "\"\\U000e0001\"")]
    public void Append_Value_IsQuotedAsGoDoes(string value, string expected)
    {
        var text = new StringBuilder();

        ConsoleQuoting.Append(text, value);

        Assert.Equal(expected, text.ToString());
    }

    private static string Format(ILogLineFormatter formatter, LogLine line, string? logger = null)
    {
        var output = new ArrayBufferWriter<byte>();
        formatter.Format(new LogEntry(line, Time, logger), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
