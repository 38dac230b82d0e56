using System.Text.Json.Nodes;
using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

/// <summary>What makes two alerts one, over random events. The seed of a failure is in its message.</summary>
public sealed class EventIdentityTests
{
    private const int Rounds = 2_000;

    // What actions are done to, and more of what Falco sends.
    private static readonly string[] Names =
    [
        "k8s.ns.name", "k8s.pod.name", "k8s.pod.uid", "k8smeta.pod.name", "k8smeta.ns.name", "container.id", "container.name", "fd.rip", "fd.sip",
        "fd.rport", "fd.lport", "fd.cport", "fd.num", "fd.name", "proc.name", "proc.cmdline", "proc.aname[2]", "proc.sid.exe", "proc.vpgid.name", "proc.tty",
        "user.uid", "user.loginuid", "evt.type", "evt.arg.pid", "evt.hostname", "evt.timer", "evt.numbers", "thread.tidy", "container.start_ts", "ka.target.name", "ka.target.namespace", "jevt.obj",
        "EVT.TIME", "proc_vpid", "é.\"x\"",
    ];

    private static readonly string[] Texts = ["", "<NA>", "a", "web-0", "web-1", "10.0.0.1", "ü\u0001\"\\", "😀", "a/b", "0", "null", "{}", "[]"];

    [Fact]
    public void Compute_SameAlertSpelledOtherwise_HasTheSameId() => Repeat(random =>
    {
        var alert = Alert(random);
        string first = Spelling.Of(Repetition(alert, random), random);
        string second = Spelling.Of(Repetition(alert, random), random);
        Assert.True(Id(first) == Id(second), $"{first}\n{second}");
    });

    [Fact]
    public void Compute_AnyFieldThatIsNotVolatileDiffers_HasAnotherId() => Repeat(random =>
    {
        var alert = Alert(random);
        string first = Spelling.Of(Repetition(alert, random), random);
        var fields = alert["output_fields"]!.AsObject();
        string name = Names[random.Next(Names.Length)];
        var before = fields[name]?.DeepClone();
        bool was = fields.ContainsKey(name);
        if (random.Next(4) == 0 && was)
        {
            fields.Remove(name);
        }
        else
        {
            do
            {
                fields[name] = Value(random, 0);
            }
            while (was && JsonNode.DeepEquals(before, fields[name]));
        }

        string second = Spelling.Of(Repetition(alert, random), random);
        Assert.True(Id(first) != Id(second), $"{name}\n{first}\n{second}");
    });

    [Theory]
    [InlineData("source")]
    [InlineData("rule")]
    [InlineData("hostname")]
    [InlineData("output")]
    public void Compute_AnotherMember_HasAnotherId(string member) => Repeat(random =>
    {
        var alert = Alert(random);
        var id = Id(Spelling.Of(alert, random));
        alert[member] = alert[member]!.GetValue<string>() + "x";
        Assert.NotEqual(id, Id(Spelling.Of(alert, random)));
    });

    [Fact]
    public void Compute_NamedVolatileField_CountsAndTheOthersDoNot() => Repeat(random =>
    {
        int index = random.Next(VolatileFields.All.Length);
        var named = default(VolatileSet).With(index);
        string field = VolatileFields.All[index].Replace("*", "3", StringComparison.Ordinal);
        var alert = Alert(random);
        alert["output_fields"]![field] = 1;
        var again = Repetition(alert, random);
        again["output_fields"]![field] = 1;
        var other = Repetition(alert, random);
        other["output_fields"]![field] = 2;
        Others(again, index);
        Others(other, index);
        Others(alert, index);
        var id = EventId.Compute(Make.Event(Spelling.Of(alert, random)), named);
        Assert.Equal(id, EventId.Compute(Make.Event(Spelling.Of(again, random)), named));
        Assert.NotEqual(id, EventId.Compute(Make.Event(Spelling.Of(other, random)), named));
        Assert.Equal(Id(Spelling.Of(alert, random)), Id(Spelling.Of(other, random)));

        // What else the random alert has of the same pattern would count too.
        void Others(JsonObject one, int pattern)
        {
            var fields = one["output_fields"]!.AsObject();
            foreach (string name in fields.Select(pair => pair.Key).Where(name => name != field && VolatileFields.IndexOf(name) == pattern).ToList())
            {
                fields.Remove(name);
            }
        }
    });

    private static JsonObject Alert(Random random)
    {
        var fields = new JsonObject();
        for (int i = random.Next(12); i > 0; i--)
        {
            fields[Names[random.Next(Names.Length)]] = Value(random, 0);
        }

        return new JsonObject
        {
            ["source"] = "syscall",
            ["rule"] = "R",
            ["priority"] = "Notice",
            ["hostname"] = "node-1",
            ["output"] = "shell in a container",
            ["tags"] = new JsonArray("a", "b", "c"),
            ["output_fields"] = fields,
        };
    }

    // The same alert a moment later: another prefix, time, order of tags, and other volatile fields.
    private static JsonObject Repetition(JsonObject alert, Random random)
    {
        var again = alert.DeepClone().AsObject();
        string time = $"{random.Next(10, 24)}:{random.Next(10, 60)}:{random.Next(10, 60)}.{random.Next(100_000_000, 999_999_999)}";
        again["time"] = $"2026-01-01T{time}Z";
        again["output"] = random.Next(3) switch
        {
            0 => $"{time}: Notice {alert["output"]!.GetValue<string>()}",
            1 => $"2026-01-01T{time}+0000: Notice {alert["output"]!.GetValue<string>()}",
            _ => alert["output"]!.GetValue<string>(),
        };
        string[] tags = ["a", "b", "c"];
        random.Shuffle(tags);
        again["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
        again["uuid"] = Guid.NewGuid().ToString();
        for (int i = random.Next(5); i > 0; i--)
        {
            string pattern = VolatileFields.All[random.Next(VolatileFields.All.Length)];
            again["output_fields"]![pattern.Replace("*", $"{random.Next(9)}", StringComparison.Ordinal)] = Value(random, 0);
        }

        return again;
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 2 ? 5 : 7) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create(random.Next(4)),
        3 or 4 => JsonValue.Create(Texts[random.Next(Texts.Length)]),
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth + 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(3)).Select(i => KeyValuePair.Create($"m{i}", Value(random, depth + 1)))),
    };

    private static EventId Id(string json) => EventId.Compute(Make.Event(json));

    private static void Repeat(Action<Random> test)
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            try
            {
                test(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }
        }
    }
}
