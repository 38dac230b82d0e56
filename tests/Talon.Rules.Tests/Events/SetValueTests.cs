using System.Text.RegularExpressions;
using Talon.Rules.Variables;

namespace Talon.Rules.Tests.Events;

/// <summary>What counts as a value: every place that asks says the same as the table of the documentation.</summary>
public sealed partial class SetValueTests
{
    public static TheoryData<string, bool> Table()
    {
        string document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "variables.md"));
        var rows = new TheoryData<string, bool>();
        foreach (Match row in Row().Matches(document))
        {
            rows.Add(row.Groups["json"].Value, row.Groups["says"].Value == "set");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Table))]
    [InlineData("\"\\u003cNA\\u003e\"", false)]
    [InlineData("-0.0", true)]
    [InlineData("\"\\u0000\"", true)]
    public void IsSet_Value_IsWhatTheTableSays(string json, bool isSet)
    {
        var falcoEvent = Make.EventOf(fields: [("v", json), ("k8s.pod.name", json), ("fd.rip", json), ("container.id", json)]);
        Assert.True(falcoEvent.OutputFields.TryGet("v", out var value));
        Assert.Equal(isSet, value.IsSet);
        Assert.Equal(isSet, VariableSet.Of(falcoEvent, []).TryGet("V", out _));
        Assert.Equal(!isSet, VariableSet.Of(falcoEvent, []).IsWithoutValue("V"));
        Assert.Equal(isSet, !Make.Rules(Make.Rule("output_fields: [v exists]")).Match(falcoEvent).IsEmpty);
        Assert.Equal(!isSet, Make.Rules(Make.Rule("output_fields: [v exists]")).Explain(falcoEvent)[0].Reason.Contains("fails", StringComparison.Ordinal));
        bool namesSomething = isSet && value.Text is not null;
        Assert.Equal(namesSomething, falcoEvent.PodName is not null);
        Assert.Equal(namesSomething, falcoEvent.RemoteIp is not null);
        Assert.Equal(namesSomething, falcoEvent.ContainerId is not null);
        Assert.Equal(namesSomething ? value.Text : null, falcoEvent.OutputFields.GetSetText("v"));
    }

    [Fact]
    public void Table_Documentation_IsRead() => Assert.InRange(Table().Count, 12, 30);

    [GeneratedRegex(@"^\| [^|]*\| `(?<json>[^`]+)` \| (?<says>set|not set) \|$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
