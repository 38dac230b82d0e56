using Talon.Rules.Text;
using Talon.Rules.Variables;

namespace Talon.Rules.Tests.Variables;

public sealed class VariableSetTests
{
    [Theory]
    [InlineData("fd.name", "FD_NAME")]
    [InlineData("proc.aname[2]", "PROC_ANAME_2")]
    [InlineData("evt.arg[path]", "EVT_ARG_PATH")]
    [InlineData("a-b.c", "A-B_C")]
    public void NameOfField_Names_AreThoseOfTheOriginal(string key, string expected) => Assert.Equal(expected, VariableName.OfField(key));

    [Theory]
    [InlineData("falco-talon.rule", "FALCO-TALON_RULE")]
    [InlineData("node.hostname", "NODE_HOSTNAME")]
    [InlineData("a[0]", "A[0]")]
    public void NameOfContextKey_Names_AreThoseOfTheOriginal(string key, string expected) => Assert.Equal(expected, VariableName.OfContextKey(key));

    [Theory]
    [InlineData("\"text\"", "text")]
    [InlineData("true", "true")]
    [InlineData("1000000", "1000000")]
    [InlineData("1.0", "1.0")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("[1, \"a\"]", "[1,\"a\"]")]
    [InlineData("{\"k\": null}", "{\"k\":null}")]
    [InlineData("[]", "[]")]
    [InlineData("\" \"", " ")]
    public void Of_AnyValue_IsItsText(string json, string expected)
    {
        Assert.True(VariableSet.Of(Make.EventOf(fields: [("v", json)]), []).TryGet("V", out var variable));
        Assert.Equal(new Variable("V", expected, VariableOrigin.Event), variable);
    }

    [Fact]
    public void Of_SameNameTwice_ContextWinsOverFieldsAndTheEventOverBoth()
    {
        var falcoEvent = Make.EventOf(
            rule: "Shell", priority: "Error", source: "k8s_audit", tags: ["a", "b"],
            fields: [("x.y", "\"field\""), ("x_y", "\"later field\""), ("node.role", "\"field\""), ("rule", "\"fake\""), ("tags", "\"fake\""), ("source", "\"fake\""), ("priority", "\"fake\""), ("hostname", "\"fake\"")]);
        var variables = VariableSet.Of(falcoEvent, [KeyValuePair.Create("node.role", "context"), KeyValuePair.Create("rule", "fake")]);

        Assert.Equal(
            [("NODE_ROLE", "context"), ("PRIORITY", "Error"), ("RULE", "Shell"), ("SOURCE", "k8s_audit"), ("TAGS", "a,b"), ("X_Y", "later field")],
            variables.Names.Select(name => (name, variables.TryGet(name, out var variable) ? variable.Value : "")));
        Assert.True(variables.TryGet("NODE_ROLE", out var role) && role.Origin == VariableOrigin.Context);
        Assert.True(variables.TryGet("RULE", out var rule) && rule.Origin == VariableOrigin.Event);
    }

    [Fact]
    public void Of_MemberOrContextWithoutValue_NoFieldStandsInForIt()
    {
        var falcoEvent = Make.EventOf(fields: [("hostname", "\"fake\""), ("tags", "\"fake\""), ("node.role", "\"fake\""), ("fd.name", "\"first\""), ("fd_name", "null")]);
        var variables = VariableSet.Of(falcoEvent, [KeyValuePair.Create("node.role", "")]);

        Assert.Equal("PRIORITY RULE SOURCE", string.Join(' ', variables.Names));
        Assert.All(["HOSTNAME", "TAGS", "NODE_ROLE", "FD_NAME"], name => Assert.True(variables.IsWithoutValue(name)));
        Assert.False(variables.IsWithoutValue("RULE"));
        Assert.False(variables.IsWithoutValue("PROC_NAME"));
    }

    [Fact]
    public void TryGet_VariablesOfTheProcess_AreNotSeen()
    {
        var variables = VariableSet.Of(Make.EventOf(), []);
        Assert.NotNull(Environment.GetEnvironmentVariable("PATH"));
        Assert.False(variables.TryGet("PATH", out _));
    }

    [Fact]
    public void Of_TwoEvents_ShareNothing()
    {
        Assert.True(VariableSet.Of(Make.EventOf(fields: [("fd.name", "\"a\"")]), []).TryGet("FD_NAME", out _));
        Assert.False(VariableSet.Of(Make.EventOf(), []).TryGet("FD_NAME", out _));
    }
}
