using System.Text;
using System.Text.Json;
using Talon.Actors.Notifiers.Webhook;
using Talon.Actors.Plugins;
using Talon.Actors.Tests.Pipeline.Notifying;

namespace Talon.Actors.Tests.Notifiers.Webhook;

public sealed class BodyTemplateTests
{
    private const string Json = "application/json; charset=utf-8";
    private const string Attack = "\",\"status\":\"success\\ \n\t </script> {{ rule }} '\u2028 & é";

    private static readonly Notification Hostile = Notifications.Of(1, "failure", null, ("pod", Attack)) with { Event = Attack, Text = Attack, Rule = Attack };

    public static TheoryData<string> Filters { get; } = [.. TemplateNames.Filters.Order(StringComparer.Ordinal)];

    [Fact]
    public void Render_Json_EscapesEachValue()
    {
        const string template = """
            {"event": "{{ event }}", "error": "{{ error }}", "objects": [{% for each in objects %}"{{ each[0] }}={{ each[1] }}"{% endfor %}],
             "whole": {{ event | json }}, "n": {{ position }}, "dry": {{ dry_run }}, "none": "{{ result }}{{ objects.Bucket }}"{% if status == "failure" %}, "bad": 1{% endif %}}
            """;

        using var json = JsonDocument.Parse(Render(template, Json, Hostile));
        var root = json.RootElement;

        Assert.Equal(["event", "error", "objects", "whole", "n", "dry", "none", "bad"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal((Attack, Attack, Attack), (root.GetProperty("event").GetString(), root.GetProperty("error").GetString(), root.GetProperty("whole").GetString()));
        Assert.Equal(["Pod=" + Attack], root.GetProperty("objects").EnumerateArray().Select(each => each.GetString()));
        Assert.Equal("", root.GetProperty("none").GetString());
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void Render_JsonThroughEachFilter_NeverLetsAValueOut(string filter)
    {
        string arguments = filter switch
        {
            "append" or "prepend" or "remove" or "remove_first" or "split" or "default" or "join" or "map" or "where" or "concat" => ": rule",
            "replace" or "replace_first" => ": 'x', rule",
            "slice" => ": 0, 10",
            "truncate" or "truncatewords" or "at_least" or "at_most" or "divided_by" or "minus" or "modulo" or "plus" or "times" => ": 7",
            "date" => ": rule",
            _ => "",
        };
        string value = $"{{{{ event | {filter}{arguments} }}}}";
        string template = filter == "json" ? $$"""{"a": {{value}}}""" : $$"""{"a": "{{value}}"}""";

        byte[] body;
        try
        {
            body = Render(template, Json, Hostile);
        }
        catch (BodyTemplateException)
        {
            // Nothing is sent, which is right as well.
            return;
        }

        using var json = JsonDocument.Parse(body);
        Assert.Equal(["a"], json.RootElement.EnumerateObject().Select(property => property.Name));
    }

    [Theory]
    [InlineData("application/xml", "&quot;,&quot;status&quot;:", "<")]
    [InlineData("text/html", "&quot;,&quot;status&quot;:", "<")]
    [InlineData("application/x-www-form-urlencoded", "%22,%22status%22%3A", "&")]
    [InlineData("text/plain", "\",\"status\":", "\0")]
    public void Render_OtherMediaTypes_EscapeTheirWay(string type, string begins, string never)
    {
        string body = Encoding.UTF8.GetString(Render("{{ event }}", type, Hostile));

        Assert.StartsWith(begins, body, StringComparison.Ordinal);
        Assert.DoesNotContain(never, body.Replace("&quot;", "", StringComparison.Ordinal).Replace(type.EndsWith("encoded", StringComparison.Ordinal) ? "\0" : "&", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"a\": \"{{ ruel }}\"}", "unknown name 'ruel'; did you mean 'rule'?")]
    [InlineData("{% if status == 'never' %}{{ evnt }}{% endif %}{}", "unknown name 'evnt'; did you mean 'event'?")]
    [InlineData("{\"a\": \"{{ rule.name }}\"}", "'rule' is a value: it has nothing below it")]
    [InlineData("{\"a\": \"{{ objects[pod] }}\"}", "unknown name 'pod'; ")]
    [InlineData("{\"a\": \"{{ rule | raw }}\"}", "unknown filter 'raw'; ")]
    [InlineData("{\"a\": \"{{ rule | escape }}\"}", "unknown filter 'escape'; ")]
    [InlineData("{% for i in (1..1000000000) %}{% endfor %}{}", "a range must go from a number to a number, over at most 1000")]
    [InlineData("{% for i in (1..position) %}{% endfor %}{}", "a range must go from a number to a number, over at most 1000")]
    [InlineData("{% include 'x' %}{}", "")]
    [InlineData("{{ rule", "")]
    [InlineData("{\"a\": {{ event }}}", "what it makes is no JSON, which content_type promises")]
    [InlineData("{\"a\": \"{{ event }}\"} more", "what it makes is no JSON, which content_type promises")]
    [InlineData("{% for i in (1..1000) %}{% for j in (1..1000) %}{{ i }}{% endfor %}{% endfor %}", "The maximum ")]
    [InlineData("{% assign s = event %}{% for i in (1..100) %}{% assign s = s | append: s %}{% endfor %}{}", "a value in it became longer than 64 Ki characters")]
    public void Check_TemplateThatIsWrong_SaysWhy(string template, string problem)
    {
        string? said = BodyTemplate.Check(template, Json);

        Assert.NotNull(said);
        Assert.StartsWith(problem, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
    }

    [Fact]
    public void Check_TemplateThatIsTooLong_SaysSo() => Assert.Equal("it is longer than 16 Ki characters", BodyTemplate.Check(new string('x', (16 * 1024) + 1), "text/plain"));

    [Fact]
    public void Check_TemplateWithNamesOfItsOwn_IsRight() => Assert.Null(BodyTemplate.Check(
        "{% assign mine = rule | upcase %}{% capture other %}{{ mine }}{% endcapture %}[{% for each in objects %}\"{{ each[0] }}{{ other }}{{ forloop.index }}\"{% unless forloop.last %},{% endunless %}{% endfor %}]",
        Json));

    [Fact]
    public void Render_MakesTooMuch_IsEnded()
    {
        string text = new('x', 1000);

        var failure = Assert.Throws<BodyTemplateException>(() => Render("{% for i in (1..1000) %}{{ event }}{% endfor %}", "text/plain", Hostile with { Event = text }));

        Assert.Equal("it makes more than 256 Ki characters", failure.Message);
    }

    private static byte[] Render(string template, string type, Notification record) => BodyTemplate.Of(template, type).Render(record);
}
