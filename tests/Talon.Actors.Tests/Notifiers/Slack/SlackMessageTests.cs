using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Talon.Actors.Notifiers.Slack;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Pipeline.Notifying;
using Talon.Rules.Catalog;

namespace Talon.Actors.Tests.Notifiers.Slack;

public sealed class SlackMessageTests
{
    private static readonly SlackSettings Long = SlackSettings.Read(ParameterMap.Empty.With("webhook_url", new ParameterValue.Text("https://x"))).Settings;

    public static TheoryData<string> Names { get; } = ["success", "failure", "ignored", "check", "output", "talon"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_Long_IsAsInItsFile(string name) => Golden.AssertSame($"Slack/Golden/{name}.long.json", SlackMessage.ToUtf8(Named(name), Long));

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_Short_IsAsInItsFile(string name) =>
        Golden.AssertSame($"Slack/Golden/{name}.short.json", SlackMessage.ToUtf8(Named(name), Long with { IsShort = true, Icon = "", Username = "" }));

    [Fact]
    public void Message_HostileTexts_HaveNoEffect()
    {
        const string attack = "`*a*` <!channel> <https://evil.example|click> @here @CHANNEL @everyone & ```b``` @heron";
        var record = Notifications.Of(1, "failure", null, ("pod", attack), (attack, "x")) with
        {
            Rule = attack,
            Action = attack,
            Actionner = attack,
            Event = $"{attack}\n{attack}",
            Text = attack,
            TraceId = attack,
            FailureKind = attack,
        };

        foreach (var settings in (SlackSettings[])[Long, Long with { IsShort = true }])
        {
            foreach (string text in TextsOf(SlackMessage.ToUtf8(record, settings)))
            {
                Assert.DoesNotContain('<', text);
                Assert.DoesNotContain('>', text);
                Assert.DoesNotMatch("(?i)@(here|channel|everyone)\\b", text);
                Assert.DoesNotMatch("&(?!amp;|lt;|gt;)", text);

                // Backticks are there in pairs only, and what they hold is on one line or in a block of its own.
                string outside = System.Text.RegularExpressions.Regex.Replace(text, "```[^`]*```|`[^`\n]+`", "");
                Assert.DoesNotContain('`', outside);
                Assert.DoesNotContain("*a*", outside == text ? "" : outside, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Message_LongTexts_AreCutAndSaySo()
    {
        string text = string.Concat(Enumerable.Repeat("<é𝕏>", 20_000));
        var record = Notifications.Of(1, "failure", null, [.. Enumerable.Range(10, 60).Select(i => ($"o{i}", text))]) with
        {
            Rule = text,
            Action = text,
            Event = text,
            Text = text,
            TraceId = text,
        };

        byte[] message = SlackMessage.ToUtf8(record, Long with { Footer = text });

        Assert.InRange(Encoding.UTF8.GetString(message).Length, 1, 40_000);
        using var json = JsonDocument.Parse(message);
        var attachment = json.RootElement.GetProperty("attachments")[0];
        Assert.InRange(attachment.GetProperty("footer").GetString()!.Length, 1, 300);
        Assert.Contains("[cut: 60 in all]", TextsOf(message));
        foreach (var field in attachment.GetProperty("fields").EnumerateArray().Where(field => field.GetProperty("title").GetString() is "Rule" or "Event" or "Error" or "O10"))
        {
            string value = field.GetProperty("value").GetString()!;
            Assert.Matches("… \\[cut: 100000 characters in all\\]`+$", value);
            Assert.Matches("^`+(&lt;é𝕏&gt;)*(&lt;)?(é)?(𝕏)?… ", value);
            Assert.InRange(value.Length, 1, 3010);
        }
    }

    [Fact]
    public void Message_Objects_AreSorted()
    {
        byte[] message = SlackMessage.ToUtf8(Notifications.Of(1, "success", null, ("pod", "p"), ("namespace", "n"), ("config map", "c")), Long);

        using var json = JsonDocument.Parse(message);
        string[] titles = [.. json.RootElement.GetProperty("attachments")[0].GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("title").GetString()!)];
        Assert.Equal(["Rule", "Action", "Actionner", "Status", "Config Map", "Namespace", "Pod", "Event", "Message", "Trace ID", "Output"], titles);
    }

    private static Notification Named(string name) => name switch
    {
        "success" => Records.Success,
        "failure" => Records.Failure,
        "ignored" => Records.Ignored,
        "check" => Records.Check,
        "output" => Records.Output,
        _ => Records.OfTalon,
    };

    private static ImmutableArray<string> TextsOf(byte[] message)
    {
        using var json = JsonDocument.Parse(message);
        return [.. Texts(json.RootElement)];

        static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
            JsonValueKind.String => [element.GetString()!],
            _ => [],
        };
    }
}
