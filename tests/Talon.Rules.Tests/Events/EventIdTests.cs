using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

public sealed class EventIdTests
{
    private const string Sample = """{"source":"syscall","rule":"R","priority":"Notice","hostname":"h","output":"12:00:00.123456789: Notice hello","time":"2025-04-17T08:41:12Z"}""";

    [Fact]
    public void Compute_Sample_IsTheDocumentedHash()
    {
        using var bytes = new MemoryStream();
        foreach (string text in (string[])["syscall", "R", "Notice", "h", "hello", "{}"])
        {
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
            bytes.Write(length);
            bytes.Write(Encoding.UTF8.GetBytes(text));
        }

        string expected = Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))[..32];
        Assert.Equal(expected, Id(Sample).ToString());
    }

    [Fact]
    public void Compute_SampleWithFields_IsTheDocumentedHash()
    {
        using var bytes = new MemoryStream();
        foreach (string text in (string[])["syscall", "R", "Notice", "h", "hello", """{"a":[1,{"x":null,"y":"ü\""}],"b":"<NA>","evt.cpu":3}"""])
        {
            byte[] length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, Encoding.UTF8.GetByteCount(text));
            bytes.Write(length);
            bytes.Write(Encoding.UTF8.GetBytes(text));
        }

        string expected = Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))[..32];
        var falcoEvent = Make.Event(Sample[..^1] + """, "output_fields": {"evt.time": 5, "b": "\u003cNA>", "evt.cpu": 3, "a": [1, {"y": "\u00fc\"", "x": null}], "evt.num": 1}}""");
        Assert.Equal(expected, EventId.Compute(falcoEvent, default(VolatileSet).With(VolatileFields.IndexOf("evt.cpu"))).ToString());
    }

    [Fact]
    public void Compute_ManyFieldsAndLargeValues_IsTheSameOnEveryThread()
    {
        string fields = string.Join(',', Enumerable.Range(0, 9_000).Select(i => $"\"f{i * 7919 % 9_000}\":{i}"));
        string json = $"{{\"rule\":\"R\",\"output_fields\":{{{fields},\"big\":\"{new string('x', 200_000)}\"}}}}";
        var id = Id(json);
        Assert.All(Enumerable.Range(0, 8).AsParallel().Select(_ => Id(json)).ToList(), other => Assert.Equal(id, other));
        Assert.NotEqual(id, Id(json.Replace("\"f8999\":", "\"f8999\":1", StringComparison.Ordinal)));
        Assert.Equal(Id(Sample), Id(Sample));
    }

    [Theory]
    [InlineData("12:00:00.123456789", "23:59:59.999999999")]
    [InlineData("2025-04-17", "2025-04-18")]
    [InlineData("Notice", "notice")]
    public void Compute_RepeatOfTheSameEvent_HasTheSameId(string old, string now) =>
        Assert.Equal(Id(Sample), Id(Sample.Replace(old, now, StringComparison.Ordinal)));

    [Theory]
    [InlineData("syscall", "k8s_audit")]
    [InlineData("\"R\"", "\"S\"")]
    [InlineData("\"h\"", "\"i\"")]
    [InlineData("hello", "hello ")]
    [InlineData("\"Notice\"", "\"Warning\"")]
    public void Compute_AnotherEvent_HasAnotherId(string old, string now) =>
        Assert.NotEqual(Id(Sample), Id(Sample.Replace(old, now, StringComparison.Ordinal)));

    [Fact]
    public void Compute_TextMovedBetweenMembers_HasAnotherId() =>
        Assert.NotEqual(Id("""{"rule":"ab","hostname":"c","output":"x"}"""), Id("""{"rule":"a","hostname":"bc","output":"x"}"""));

    [Fact]
    public void Compute_WithoutOutput_TakesTheFieldsWithoutTimesInAnyOrder()
    {
        var id = Id("""{"rule":"R","output_fields":{"a":1,"b":{"x":1,"y":"z"},"evt.time":5,"evt.num":9}}""");
        Assert.Equal(id, Id("""{"rule":"R","output_fields":{"evt.rawtime":7,"b":{"y":"z", "x":1},"a":1,"evt.time.iso8601":"t","evt.datetime":"d"}}"""));
        Assert.NotEqual(id, Id("""{"rule":"R","output_fields":{"a":2,"b":{"x":1,"y":"z"}}}"""));
        Assert.NotEqual(id, Id("""{"rule":"R","output_fields":{"a":1.0,"b":{"x":1,"y":"z"}}}"""));
    }

    [Fact]
    public void Compute_WithoutOutput_SortsNamesAtEveryDepthAndKeepsEveryValue()
    {
        var id = Id("""{"rule":"R","output_fields":{"o":{"b":{"d":1,"c":[{"f":"x","e":null}]},"a":true}}}""");
        Assert.Equal(id, Id("""{"rule":"R","output_fields":{"o":{"a":true,"b":{"c":[{"e":null,"f":"x"}],"d":1}}}}"""));
        Assert.NotEqual(id, Id("""{"rule":"R","output_fields":{"o":{"a":true,"b":{"c":[{"e":null,"f":"y"}],"d":1}}}}"""));
        Assert.NotEqual(id, Id("""{"rule":"R","output_fields":{"o":{"a":true,"b":{"c":[{"e":0,"f":"x"}],"d":1}}}}"""));
        Assert.NotEqual(id, Id("""{"rule":"R","output_fields":{"o":{"a":true,"b":{"c":[],"d":1}}}}"""));
        Assert.NotEqual(id, Id("""{"rule":"R","output_fields":{"o":{"b":{"c":[{"e":null,"f":"x"}],"d":1}}}}"""));
        Assert.NotEqual(id, Id("""{"rule":"R","output_fields":{"o":{"z":true,"b":{"c":[{"e":null,"f":"x"}],"d":1}}}}"""));
    }

    [Fact]
    public void Compute_UnknownPriorities_CountAsTheyWereSent() =>
        Assert.NotEqual(Id("""{"rule":"R","priority":"high","output":"x"}"""), Id("""{"rule":"R","priority":"low","output":"x"}"""));

    [Fact]
    public void TryParse_ToString_RoundTrips()
    {
        var id = Id(Sample);
        Assert.True(EventId.TryParse(id.ToString(), out var parsed));
        Assert.Equal(id, parsed);
        byte[] bytes = new byte[16];
        id.WriteBytes(bytes);
        Assert.Equal(id, EventId.FromBytes(bytes));
        Assert.Equal(Convert.ToHexStringLower(bytes), id.ToString());
        Assert.Equal(BinaryPrimitives.ReadUInt64BigEndian(bytes), id.Routing);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdeF")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData(" 123456789abcdef0123456789abcdef")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(EventId.TryParse(text, out _));

    [Fact]
    public void FromBytes_WrongLength_Throws() => Assert.Throws<ArgumentException>(() => EventId.FromBytes(new byte[15]));

    private static EventId Id(string json) => EventId.Compute(Make.Event(json));
}
