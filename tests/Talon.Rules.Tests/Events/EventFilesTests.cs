using System.Text;
using System.Text.Json.Nodes;
using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

public sealed class EventFilesTests
{
    public static TheoryData<string> Files() => ["falco.jsonl", "falcosidekick.jsonl"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Parse_SampleEvents_AllRead(string file)
    {
        string[] lines = File.ReadAllLines(Make.GoldenPath("events", file));
        Assert.Equal(300, lines.Length);
        foreach (string line in lines)
        {
            var falcoEvent = Make.Event(line);
            Assert.False(falcoEvent.IsIncomplete);
            Assert.NotEqual(Priority.Unknown, falcoEvent.Priority);
            var sent = JsonNode.Parse(line)!;
            Assert.Equal(sent["rule"]!.GetValue<string>(), falcoEvent.Rule);
            Assert.Equal(sent["hostname"]!.GetValue<string>(), falcoEvent.Hostname);
            Assert.Equal(sent["time"]!.GetValue<string>(), falcoEvent.TimeText);
            Assert.Equal(sent["uuid"]?.GetValue<string>(), falcoEvent.Uuid);
            Assert.Equal(sent["output_fields"]!.AsObject().Count, falcoEvent.OutputFields.Count);
            Assert.EndsWith(falcoEvent.Output, sent["output"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.DoesNotContain(falcoEvent.PriorityText, falcoEvent.Output[..5], StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void WriteTo_SampleEvents_RoundTrip(string file)
    {
        foreach (string line in File.ReadAllLines(Make.GoldenPath("events", file)))
        {
            var first = Make.Event(line);
            string payload = Payload.Of(first);
            var second = Make.Event(payload);
            Assert.Equal(payload, Payload.Of(second));
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(line)!["output_fields"], JsonNode.Parse(payload)!["output_fields"]));
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(line)!["tags"], JsonNode.Parse(payload)!["tags"]));
            Assert.Equal(EventId.Compute(first), EventId.Compute(second));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Parse_RawAgain_GivesTheSameEvent(string file)
    {
        foreach (string line in File.ReadAllLines(Make.GoldenPath("events", file)))
        {
            byte[] body = Encoding.UTF8.GetBytes(line);
            var first = FalcoEventParser.Parse(body).Event!;
            var detached = first.Detach();
            body.AsSpan().Fill((byte)' ');
            Assert.Equal(line, Encoding.UTF8.GetString(detached.Raw.Span));
            Assert.Equal(Payload.Of(Make.Event(line)), Payload.Of(detached));
        }
    }
}
