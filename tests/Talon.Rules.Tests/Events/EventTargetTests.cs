using System.Text;
using System.Text.Json;
using Talon.Rules.Events;

namespace Talon.Rules.Tests.Events;

/// <summary>The unit by which room in the intake and in the lanes is shared out.</summary>
public sealed class EventTargetTests
{
    [Theory]
    [InlineData("pod/shop/cart-0", """{"k8s.ns.name":"shop","k8s.pod.name":"cart-0","container.id":"0123456789ab"}""")]
    [InlineData("container/0123456789ab", """{"k8s.ns.name":"shop","container.id":"0123456789ab"}""")]
    [InlineData("container/0123456789ab", """{"k8s.ns.name":"<NA>","k8s.pod.name":null,"container.id":"0123456789ab"}""")]
    [InlineData("host/node-1", """{"container.id":"host"}""")]
    [InlineData("host/node-1", """{"k8s.pod.name":"cart-0"}""")]
    [InlineData("host/node-1", "{}")]
    [InlineData("pod/shop/cart-0", """{"ka.target.resource":"pods","ka.target.namespace":"shop","ka.target.name":"cart-0"}""")]
    [InlineData("configmaps/shop/cart-0", """{"ka.target.resource":"configmaps","ka.target.namespace":"shop","ka.target.name":"cart-0"}""")]
    [InlineData("clusterroles//admin", """{"ka.target.resource":"clusterroles","ka.target.name":"admin"}""")]
    [InlineData("secrets/shop/", """{"ka.target.resource":"secrets","ka.target.namespace":"shop"}""")]
    public void Of_Fields_NamesTheTarget(string expected, string fields) => Assert.Equal(expected, EventTarget.Of(Event(fields)));

    [Fact]
    public void Of_NothingAtAll_IsOneCommonTarget() => Assert.Equal("host/", EventTarget.Of(Event("{}", hostname: "")));

    [Fact]
    public void Of_TextTimeAndPriority_MakeNoDifference() => Assert.Equal(
        EventTarget.Of(Event("""{"k8s.ns.name":"shop","k8s.pod.name":"cart-0","proc.cmdline":"a"}""", output: "one")),
        EventTarget.Of(Event("""{"k8s.pod.name":"cart-0","proc.cmdline":"b","k8s.ns.name":"shop"}""", output: "two")));

    [Fact]
    public void Of_OverlongNames_AreCut()
    {
        string name = new('x', 100_000);

        Assert.InRange(EventTarget.Of(Event(JsonSerializer.Serialize(new Dictionary<string, string>
        {
            ["ka.target.resource"] = name,
            ["ka.target.namespace"] = name,
            ["ka.target.name"] = name,
        }))).Length, 1, 800);
    }

    private static FalcoEvent Event(string fields, string hostname = "node-1", string output = "a shell") => FalcoEventParser.Parse(Encoding.UTF8.GetBytes(
        $$"""{"output":"{{output}}","priority":"Notice","rule":"Any","source":"any","hostname":"{{hostname}}","output_fields":{{fields}}}""")).Event!;
}
