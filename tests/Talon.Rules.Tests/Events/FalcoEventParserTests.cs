using System.Text;
using System.Text.Json;
using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

public sealed class FalcoEventParserTests
{
    [Fact]
    public void Parse_EmptyObject_HasDefaultsAndIsIncomplete()
    {
        var falcoEvent = Make.Event("{}");
        Assert.Equal("syscall", falcoEvent.Source);
        Assert.Equal("", falcoEvent.Rule);
        Assert.Equal("", falcoEvent.Output);
        Assert.Equal("", falcoEvent.Hostname);
        Assert.Equal(Priority.Unknown, falcoEvent.Priority);
        Assert.Null(falcoEvent.Time);
        Assert.Null(falcoEvent.TimeText);
        Assert.Empty(falcoEvent.OutputFields);
        Assert.Empty(falcoEvent.Tags);
        Assert.True(falcoEvent.IsIncomplete);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("12")]
    [InlineData("\"text\"")]
    [InlineData("true")]
    public void Parse_JsonThatIsNoObject_IsRefused(string body) =>
        Assert.Equal("the body is JSON, but not an object", FalcoEventParser.Parse(Encoding.UTF8.GetBytes(body)).Error);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{\"rule\":}")]
    [InlineData("{'rule':'x'}")]
    [InlineData("{\"rule\":\"x\",}")]
    [InlineData("{\"output_fields\":{\"a\":01}}")]
    [InlineData("\u001f\u008b\b")]
    public void Parse_NotJson_IsRefused(string body) =>
        Assert.StartsWith("the body is not valid JSON", FalcoEventParser.Parse(Encoding.UTF8.GetBytes(body)).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("{\"hostname\":5}", "'hostname' must be a string, not a number")]
    [InlineData("{\"rule\":{}}", "'rule' must be a string, not an object")]
    [InlineData("{\"output\":[]}", "'output' must be a string, not a list")]
    [InlineData("{\"priority\":true}", "'priority' must be a string, not true or false")]
    [InlineData("{\"source\":1}", "'source' must be a string, not a number")]
    [InlineData("{\"time\":1}", "'time' must be an RFC 3339 time stamp, not a number")]
    [InlineData("{\"time\":\"\"}", "'time' is not an RFC 3339 time stamp")]
    [InlineData("{\"time\":\"yesterday\"}", "'time' is not an RFC 3339 time stamp")]
    [InlineData("{\"time\":\"2025-02-29T00:00:00Z\"}", "'time' is not an RFC 3339 time stamp")]
    [InlineData("{\"time\":\"2025-01-01T24:00:00Z\"}", "'time' is not an RFC 3339 time stamp")]
    [InlineData("{\"time\":\"2025-01-01T00:00:00\"}", "'time' is not an RFC 3339 time stamp")]
    [InlineData("{\"time\":\"2025-01-01T00:00:00.Z\"}", "'time' is not an RFC 3339 time stamp")]
    [InlineData("{\"tags\":\"a\"}", "'tags' must be a list, not a string")]
    [InlineData("{\"tags\":{}}", "'tags' must be a list, not an object")]
    [InlineData("{\"output_fields\":[]}", "'output_fields' must be an object, not a list")]
    public void Parse_WrongType_IsRefusedWithTheReason(string body, string reason) =>
        Assert.Equal(reason, FalcoEventParser.Parse(Encoding.UTF8.GetBytes(body)).Error);

    [Fact]
    public void Parse_HostileBody_ErrorIsOnePrintableLineWithoutItsText()
    {
        string error = FalcoEventParser.Parse("{\"rule\": EVIL\r\n\u001b[31m}"u8.ToArray()).Error!;
        Assert.DoesNotContain("EVIL", error, StringComparison.Ordinal);
        Assert.DoesNotContain(error, char.IsControl);
    }

    [Theory]
    [InlineData("RULE")]
    [InlineData("Rule")]
    [InlineData("\\u0072ule")]
    public void Parse_KeyInAnotherCaseOrEscaped_IsRead(string key) => Assert.Equal("X", Make.Event($"{{\"{key}\":\"X\"}}").Rule);

    [Fact]
    public void Parse_RepeatedKeys_LastStands()
    {
        var falcoEvent = Make.Event("""{"rule":"a","Rule":"b","output_fields":{"x":"1","y":2,"x":"3"},"rule":null}""");
        Assert.Equal("b", falcoEvent.Rule);
        Assert.Equal("3", falcoEvent.OutputFields.GetText("x"));
        Assert.Equal(2, falcoEvent.OutputFields.Count);
    }

    [Fact]
    public void Parse_NullMembers_CountAsMissing()
    {
        var falcoEvent = Make.Event("""{"rule":null,"output":null,"priority":null,"hostname":null,"time":null,"source":null,"output_fields":null,"tags":null,"uuid":null}""");
        Assert.Equal("syscall", falcoEvent.Source);
        Assert.True(falcoEvent.IsIncomplete);
    }

    [Fact]
    public void Parse_UnknownKeysContextTraceIdAndTrailingText_AreIgnored()
    {
        var falcoEvent = Make.Event("""{"context":{"falco-talon.rule":"spoofed"},"trace_id":{"a":[1]},"message":[{}],"uuid":7,"rule":"R"} trailing [""");
        Assert.Equal("R", falcoEvent.Rule);
        Assert.Null(falcoEvent.Uuid);
        Assert.DoesNotContain("spoofed", Payload.Of(falcoEvent), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Numbers_KeepTheirLiteral()
    {
        var fields = Make.Event("""{"output_fields":{"a":1.0,"b":18446744073709551616,"c":1e3,"d":-0.50,"e":1744879272330917245}}""").OutputFields;
        Assert.Equal(["1.0", "18446744073709551616", "1e3", "-0.50", "1744879272330917245"], fields.Select(field => field.Value.Text));
    }

    [Fact]
    public void Parse_EveryKindOfField_KeepsItsKind()
    {
        var fields = Make.Event("""{"output_fields":{"t":"x","n":1,"b":true,"z":null,"o":{"k": [1, 2]},"l":[ ]}}""").OutputFields;
        Assert.Equal(
            [
                ("t", new FieldValue(FieldKind.Text, "x")), ("n", new(FieldKind.Number, "1")), ("b", new(FieldKind.Flag, "true")),
                ("z", new(FieldKind.Null, "")), ("o", new(FieldKind.Json, "{\"k\":[1,2]}")), ("l", new(FieldKind.Json, "[]")),
            ],
            fields.Select(field => (field.Key, field.Value)));
        Assert.Equal(["x", "1", null, null, null, null], fields.Select(field => field.Value.Text));
    }

    [Fact]
    public void Parse_EscapesAndLoneSurrogates_AreDecodedWithoutFailing()
    {
        var falcoEvent = Make.Event("""{"output":"\ud800 \ud83d\ude00 \udc00\n\"\\\/\b\f\r\t\u00e9 ü","output_fields":{"\ud800a":"\ud800","\u0062":"\u0041"}}""");
        Assert.Equal("\uFFFD \U0001F600 \uFFFD\n\"\\/\b\f\r\té ü", falcoEvent.Output);
        Assert.Equal("\uFFFD", falcoEvent.OutputFields.GetText("\uFFFDa"));
        Assert.Equal("A", falcoEvent.OutputFields.GetText("b"));
        Assert.Equal("\uFFFD", JsonDocument.Parse(Payload.Of(falcoEvent)).RootElement.GetProperty("output_fields").GetProperty("\uFFFDa").GetString());
    }

    [Fact]
    public void Parse_InvalidUtf8_IsReadWithReplacementCharacters()
    {
        byte[] body = [.. "{\"rule\":\"a"u8, 0xff, 0xc3, .. "b\",\"output_fields\":{\"x\":\""u8, 0xe2, 0x82, .. "\"}}"u8];
        var falcoEvent = FalcoEventParser.Parse(body).Event!;
        Assert.StartsWith("a\uFFFD", falcoEvent.Rule, StringComparison.Ordinal);
        Assert.Equal("\uFFFD", falcoEvent.OutputFields.GetText("x"));
        Assert.Equal(Payload.Of(falcoEvent), Payload.Of(FalcoEventParser.Parse(falcoEvent.Raw).Event!));
    }

    [Fact]
    public void Parse_Tags_KeepsOnlyStringsButWritesAll()
    {
        var falcoEvent = Make.Event("""{"tags":["network",7,null,"mitre",["x"],{"y":1}]}""");
        Assert.Equal((string[])["network", "mitre"], falcoEvent.Tags);
        Assert.Contains("""["network",7,null,"mitre",["x"],{"y":1}]""", Payload.Of(falcoEvent), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-04-17T08:41:12.330917245Z", "2025-04-17T08:41:12.3309172+00:00")]
    [InlineData("2025-04-17T08:41:12Z", "2025-04-17T08:41:12.0000000+00:00")]
    [InlineData("2025-04-17T08:41:12.5+02:00", "2025-04-17T08:41:12.5000000+02:00")]
    [InlineData("2025-04-17T08:41:12.5-0330", "2025-04-17T08:41:12.5000000-03:30")]
    [InlineData("0001-01-01T00:00:00Z", null)]
    [InlineData("0001-01-01T00:00:00+05:00", null)]
    [InlineData("0000-12-31T00:00:00Z", null)]
    [InlineData("9999-12-31T23:59:59-05:00", null)]
    public void Parse_Time_IsReadTo100NanosecondsAndZeroIsMissing(string text, string? expected)
    {
        var falcoEvent = Make.Event($"{{\"time\":\"{text}\"}}");
        Assert.Equal(expected, falcoEvent.Time?.ToString("O"));
        Assert.Equal(text, falcoEvent.TimeText);
    }

    [Fact]
    public void Parse_TooDeep_IsRefused()
    {
        string Nested(int levels) => "{\"x\":" + new string('[', levels - 1) + new string(']', levels - 1) + "}";
        Assert.True(FalcoEventParser.Parse(Encoding.UTF8.GetBytes(Nested(64))).IsEvent);
        Assert.Equal("the body is nested deeper than 64 levels", FalcoEventParser.Parse(Encoding.UTF8.GetBytes(Nested(65))).Error);
    }

    [Fact]
    public void Parse_TooManyFields_IsRefused()
    {
        static byte[] Fields(int count) =>
            Encoding.UTF8.GetBytes("{\"output_fields\":{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"f{i}\":{i}")) + "}}");
        var falcoEvent = FalcoEventParser.Parse(Fields(10_000)).Event!;
        Assert.Equal("9999", falcoEvent.OutputFields.GetText("f9999"));
        Assert.Equal("0", falcoEvent.OutputFields.GetText("f0"));
        Assert.Null(falcoEvent.OutputFields.GetText("f10000"));
        Assert.Equal("more than 10000 output fields", FalcoEventParser.Parse(Fields(10_001)).Error);
    }

    [Fact]
    public void Parse_TooManyTags_IsRefused()
    {
        string tags = string.Join(',', Enumerable.Repeat("\"t\"", 1001));
        Assert.Equal("more than 1000 tags", FalcoEventParser.Parse(Encoding.UTF8.GetBytes($"{{\"tags\":[{tags}]}}")).Error);
    }

    [Theory]
    [InlineData("emergency", Priority.Emergency)]
    [InlineData("INFO", Priority.Informational)]
    [InlineData("informational", Priority.Informational)]
    [InlineData("Debug", Priority.Debug)]
    [InlineData("high", Priority.Unknown)]
    [InlineData("", Priority.Unknown)]
    [InlineData(" Warning", Priority.Unknown)]
    public void Parse_Priority_IsReadInAnyCase(string text, Priority expected)
    {
        var falcoEvent = Make.Event($"{{\"priority\":\"{text}\"}}");
        Assert.Equal(expected, falcoEvent.Priority);
        Assert.Equal(text, falcoEvent.PriorityText);
    }

    [Theory]
    [InlineData("rule")]
    [InlineData("priority")]
    [InlineData("time")]
    [InlineData("output")]
    public void IsIncomplete_OneMemberMissing_IsTrue(string missing)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["rule"] = "R",
            ["priority"] = "Debug",
            ["time"] = "2025-04-17T08:41:12Z",
            ["output"] = "o",
        };
        Assert.False(Make.Event(JsonSerializer.Serialize(members)).IsIncomplete);
        members.Remove(missing);
        Assert.True(Make.Event(JsonSerializer.Serialize(members)).IsIncomplete);
    }
}
